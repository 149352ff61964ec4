using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Gateway.Audit.Shipping;
using Gateway.Control.Network;
using Gateway.Hosting.Extensions;
using Gateway.Hosting.Logs;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Upstreams.Stdio.Processes;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres.AuditRecords;

namespace Gateway.Hosting.Options;

/// <summary>The settings of a process: the options of its gateway, and those of its host.</summary>
public record HostSettings : GatewayOptions
{
    /// <summary>
    /// The path of the executable's assembly, which is started again to supervise programs; empty for a single file.
    /// </summary>
    public string Program { get; init; } = EntryAssembly();

    /// <summary>
    /// The store that a fleet shares, such as <c>postgres://user:password@host/database</c>; null counts in a journal
    /// in the data directory, for one process.
    /// </summary>
    public string? Store { get; init; }

    /// <summary>The addresses that serve agents; port 0 uses a free one.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// The address of the operators' paths; null serves them at the agents' address, if it is a loopback address.
    /// </summary>
    public string? AdminListen { get; init; }

    /// <summary>The address at which clients list the servers, without credentials; null for none.</summary>
    public string? RegistryListen { get; init; }

    /// <summary>The certificate of every address that begins with https://.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The certificate of the operators' address; null uses <see cref="Tls"/>.</summary>
    public TlsFiles? AdminTls { get; init; }

    /// <summary>
    /// The failure that a count and an audit record must survive: of the process, or of the machine's power.
    /// </summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>
    /// True keeps a dead band at each window's edge, so that limits hold in true time. A fleet needs one value.
    /// </summary>
    public bool StrictWindows { get; init; }

    /// <summary>
    /// The maximum number of counters at once, 1,000 or more. An eighth is never used by sessions, and one grant's
    /// sessions use at most a quarter. Null uses as many as fit into their share of this process's memory.
    /// </summary>
    public int? CountersMax { get; init; }

    /// <summary>True writes logs as one JSON object per line.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>The minimum level of the log; null uses the <c>Logging</c> settings, or Information.</summary>
    public LogLevel? LogLevel { get; init; }

    /// <summary>
    /// True runs network continuations on the I/O threads: less CPU per call, but they must never block.
    /// </summary>
    public bool InlineIo { get; init; }

    /// <summary>The extensions that this process runs.</summary>
    public IReadOnlyList<ExtensionSetup> Extensions { get; init; } = [];

    /// <summary>The addresses at which the process listens.</summary>
    public virtual ListenSettings Listeners => Extensions.Aggregate(
        new ListenSettings
        {
            Listen = Listen,
            Registry = RegistryListen,
            AdminListen = AdminListen,
            Tls = Tls,
            AdminTls = AdminTls,
        },
        static (listeners, extension) => extension.AddListener(listeners));

    /// <summary>The settings of the log.</summary>
    public virtual LogSettings Logs => new(JsonLogs, LogLevel);

    /// <summary>
    /// Returns the options of the gateway, including those that follow from the settings of the host.
    /// </summary>
    internal GatewayOptions ToGateway() => this with
    {
        Audit = Audit with
        {
            OpenSink = Open,
            FlushToDisk = Durability == Durability.Machine,
            IsInline = InlineIo,
        },
        Programs = Programs with { Supervisor = SupervisorStart.Of(Program) },
    };

    private IAuditTransport Open(AuditSinkOptions sink)
    {
        if (sink.Kind == AuditSinkKind.Postgres)
            return new PostgresTransport(sink, TimeProvider.System);
        var connector = new OutboundConnector(AllowedAddresses);
        return Extensions.Select(extension => extension.OpenSink(sink, (host, port, stop) =>
                connector.OpenAsync(host, port, AddressRule.Registered, stop)))
            .OfType<IAuditTransport>().FirstOrDefault()
            ?? throw new InvalidOperationException(
                $"This program was built without support for {sink.Kind} audit sinks.");
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "SupervisorStart handles an empty location.")]
    private static string EntryAssembly() => Assembly.GetEntryAssembly()?.Location ?? "";
}
