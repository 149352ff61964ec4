using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using Gateway.Audit.Files;
using Gateway.Audit.Shipping;
using Gateway.Control.Authenticity;
using Gateway.Control.Network;
using Gateway.Control.Options;
using Gateway.Hosting.Extensions;
using Gateway.Hosting.Logs;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Storage.Local.Journal;
using Gateway.Storage.Postgres.AuditRecords;

namespace Gateway.Hosting.Options;

/// <summary>What every process of a gateway is started with, alone or as one of a fleet.</summary>
public record HostSettings
{
    /// <summary>
    /// The path of the executable's assembly, which is started again to supervise programs; empty for a single file.
    /// </summary>
    public string Program { get; init; } = EntryAssembly();

    /// <summary>Where the audit log lives, and of a gateway that is alone the rest too; made if absent.</summary>
    public string DataDirectory { get; init; } = ".gateway";

    /// <summary>The configuration file, which is followed; null where everything comes over the API.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>
    /// The store that a fleet shares, such as <c>postgres://user:password@host/database</c>; null counts over a journal
    /// in the data directory, for one process.
    /// </summary>
    public string? Store { get; init; }

    /// <summary>How the documents of the store are authenticated; null where they are not.</summary>
    public StoreKeyOptions? StoreKey { get; init; }

    /// <summary>Addresses that agents are served on; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// The address of the operator's paths; null puts them where agents are served, while that is loopback.
    /// </summary>
    public string? AdminListen { get; init; }

    /// <summary>Where clients read which servers there are, without credentials; null where they do not.</summary>
    public string? RegistryListen { get; init; }

    /// <summary>
    /// The address under which agents reach the gateway, <c>http</c> or <c>https</c>; null: <c>publicUrl</c> of the
    /// configuration file, or the first of <see cref="Listen"/>.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The address under which people reach the console; null tells agents no link to it.</summary>
    public Uri? ConsoleUrl { get; init; }

    /// <summary>Admin addresses of the fleet's frontends, from which a replay reads records.</summary>
    public IReadOnlyList<Uri> Fleet { get; init; } = [];

    /// <summary>Link-local and cloud metadata networks that outbound connections may reach.</summary>
    public IReadOnlyList<IPNetwork> AllowedAddresses { get; init; } = [];

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

    /// <summary>The most programs that run at once, of all servers; 1 or more.</summary>
    public int ProgramsMax { get; init; } = 256;

    /// <summary>
    /// How often each server is asked what it offers; zero only where an operator asks.
    /// </summary>
    public TimeSpan InventoryEvery { get; init; }

    /// <summary>
    /// The most counters at once, 1,000 or more, an eighth of them never of sessions and a grant's sessions at most a
    /// quarter; null takes as many as fit into the share of this process's memory that is theirs.
    /// </summary>
    public int? CountersMax { get; init; }

    /// <summary>
    /// Bytes that requests and answers may hold, all together; null takes a quarter of the memory that this process may
    /// use.
    /// </summary>
    public long? MemoryBytesMax { get; init; }

    /// <summary>How much of the audit log is kept.</summary>
    public AuditRetention AuditRetention { get; init; } = new();

    /// <summary>How long the history of changes and the versions of policies are kept.</summary>
    public TimeSpan HistoryAge { get; init; } = TimeSpan.FromDays(397);

    /// <summary>Where audit records go besides the file.</summary>
    public IReadOnlyList<AuditSinkOptions> AuditSinks { get; init; } = [];

    /// <summary>The file of the key that signs checkpoints of the audit log; null keeps one beside the log.</summary>
    public string? AuditKey { get; init; }

    /// <summary>
    /// How long clients with open connections are still served after SIGTERM, so that each leaves by itself; zero not
    /// at all. It is a part of the time in which a host has to stop.
    /// </summary>
    public TimeSpan DrainGrace { get; init; }

    /// <summary>
    /// How long calls without limits and without approval go on by what was last known while the shared store cannot be
    /// reached; zero refuses them. At most 60 s.
    /// </summary>
    public TimeSpan LastKnownFor { get; init; }

    /// <summary>
    /// Whether a process that has decided calls stays ready while the shared store is away, to say so to each agent.
    /// </summary>
    public bool ReadyWhileStoreAway { get; init; }

    /// <summary>Whether the admin listener serves the MCP server for operators' agents.</summary>
    public bool AdminMcp { get; init; }

    /// <summary>How long a list of several servers at one address waits for one of them; it is left out then.</summary>
    public TimeSpan AggregateWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True writes logs as one JSON object a line.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>From which level on is logged; null leaves it to the <c>Logging</c> settings, or Information.</summary>
    public LogLevel? LogLevel { get; init; }

    /// <summary>True runs network continuations on the I/O threads: less CPU a call, never to be blocked.</summary>
    public bool InlineIo { get; init; }

    /// <summary>The extensions that this process runs.</summary>
    public IReadOnlyList<ExtensionSetup> Extensions { get; init; } = [];

    /// <summary>What the process was started with, and who said so.</summary>
    public IReadOnlyList<EffectiveSetting> Settings { get; init; } = [];

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

    /// <summary>The same for the gateway itself.</summary>
    internal GatewayOptions ToGateway() => new()
    {
        DataDirectory = DataDirectory,
        ConfigPath = ConfigPath,
        StoreKey = StoreKey,
        PublicUrl = PublicUrl,
        ConsoleUrl = ConsoleUrl,
        Fleet = Fleet,
        AllowedAddresses = AllowedAddresses,
        Settings = Settings,
        Audit = new()
        {
            Retention = AuditRetention,
            Sinks = AuditSinks,
            OpenSink = Open,
            FlushToDisk = Durability == Durability.Machine,
            Evidence = new() { KeyPath = AuditKey },
        },
        HistoryAge = HistoryAge,
        IsInline = InlineIo,
        ProgramsMax = ProgramsMax,
        InventoryEvery = InventoryEvery,
        MemoryBytesMax = MemoryBytesMax,
        DrainGrace = DrainGrace,
        LastKnownFor = LastKnownFor,
        ReadyWhileStoreAway = ReadyWhileStoreAway,
        AdminMcp = AdminMcp,
        AggregateWait = AggregateWait,
        Supervisor = SupervisorStart.Of(Program),
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
