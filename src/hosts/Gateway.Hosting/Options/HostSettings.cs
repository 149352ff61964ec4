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
    /// The store that a fleet shares, such as <c>postgres://user:password@host/database</c>; null counts over a journal
    /// in the data directory, for one process.
    /// </summary>
    public string? Store { get; init; }

    /// <summary>Addresses that agents are served on; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// The address of the operator's paths; null puts them where agents are served, while that is loopback.
    /// </summary>
    public string? AdminListen { get; init; }

    /// <summary>Where clients read which servers there are, without credentials; null where they do not.</summary>
    public string? RegistryListen { get; init; }

    /// <summary>The certificate of every address that begins with https://.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The operator's own certificate; null takes the same.</summary>
    public TlsFiles? AdminTls { get; init; }

    /// <summary>What a count and an audit record must survive: the process, or the machine's loss of power.</summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>
    /// True keeps a dead band at each window's edge, so that limits hold in true time; the same for a whole fleet.
    /// </summary>
    public bool StrictWindows { get; init; }

    /// <summary>
    /// The most counters at once, 1,000 or more, an eighth of them never of sessions and a grant's sessions at most a
    /// quarter; null takes as many as fit into the share of this process's memory that is theirs.
    /// </summary>
    public int? CountersMax { get; init; }

    /// <summary>True writes logs as one JSON object a line.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>From which level on is logged; null leaves it to the <c>Logging</c> settings, or Information.</summary>
    public LogLevel? LogLevel { get; init; }

    /// <summary>True runs network continuations on the I/O threads: less CPU a call, never to be blocked.</summary>
    public bool InlineIo { get; init; }

    /// <summary>The extensions that this process runs.</summary>
    public IReadOnlyList<ExtensionSetup> Extensions { get; init; } = [];

    /// <summary>Where it listens.</summary>
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

    /// <summary>What is logged.</summary>
    public virtual LogSettings Logs => new(JsonLogs, LogLevel);

    /// <summary>Adds what follows from the settings of the host to the options of the gateway.</summary>
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
                $"This program was built without audit sinks of the kind {sink.Kind}.");
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "SupervisorStart expects that it is empty.")]
    private static string EntryAssembly() => Assembly.GetEntryAssembly()?.Location ?? "";
}
