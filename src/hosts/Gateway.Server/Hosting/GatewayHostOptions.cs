using Gateway.Audit.Files;
using Gateway.Control.Snapshots;
using Gateway.Identity.Listeners;
using Gateway.Storage.Local.Journal;

namespace Gateway.Server.Hosting;

/// <summary>What one gateway process on one machine is started with.</summary>
public sealed record GatewayHostOptions
{
    /// <summary>Where journal and audit log live; made if absent.</summary>
    public string DataDirectory { get; init; } = ".gateway";

    /// <summary>Is given the administrator's key as soon as one was made, though the start may yet fail.</summary>
    public Action<string>? ShowAdminKey { get; init; }

    /// <summary>Addresses to listen on; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// The address of the operator's paths; null puts them where agents are served, while that is loopback.
    /// </summary>
    public string? AdminListen { get; init; }

    /// <summary>
    /// The address under which agents reach the gateway, <c>http</c> or <c>https</c>; null: <c>publicUrl</c> of the
    /// configuration file, or the first of <see cref="Listen"/>.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The certificate of every address that begins with https://.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The operator's own certificate; null takes the same.</summary>
    public TlsFiles? AdminTls { get; init; }

    /// <summary>
    /// The store that a fleet shares, <c>postgres://user:password@host/database</c>; null counts over a journal in the
    /// data directory, for one process.
    /// </summary>
    public string? Store { get; init; }

    /// <summary>What a count must survive: the process, or the machine's loss of power.</summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>True keeps a dead band at each window's edge, so that limits hold in true time.</summary>
    public bool StrictWindows { get; init; }

    /// <summary>True runs network continuations on the I/O threads: less CPU a call, never to be blocked.</summary>
    public bool InlineIo { get; init; }

    /// <summary>The most programs that run at once, of all servers; 1 or more.</summary>
    public int ProgramsMax { get; init; } = 256;

    /// <summary>
    /// The most counters at once, 1,000 or more, an eighth of them never of sessions and a grant's sessions at most a
    /// quarter; null takes as many as fit into two fifths of the memory that this process may use.
    /// </summary>
    public int? CountersMax { get; init; }

    /// <summary>
    /// Bytes that requests and answers may hold, all together; null takes a quarter of the memory that this process may
    /// use.
    /// </summary>
    public long? MemoryBytesMax { get; init; }

    /// <summary>How much of the audit log is kept.</summary>
    public AuditRetention AuditRetention { get; init; } = new();

    /// <summary>True writes logs as one JSON object a line.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>From which level on is logged; null leaves it to the <c>Logging</c> settings, or Information.</summary>
    public LogLevel? LogLevel { get; init; }

    /// <summary>True keeps all but warnings out of the log.</summary>
    public bool Quiet { get; init; }

    /// <summary>
    /// Open calls finish within this time after SIGTERM; null takes the host's own setting
    /// (<c>DOTNET_SHUTDOWNTIMEOUTSECONDS</c>), 30 s where that is not set.
    /// </summary>
    public TimeSpan? DrainTime { get; init; }

    /// <summary>
    /// How long clients with open connections are still served after SIGTERM, so that each leaves by itself; zero not
    /// at all. It is a part of <see cref="DrainTime"/>.
    /// </summary>
    public TimeSpan Linger { get; init; }

    /// <summary>
    /// How long calls without limits and without approval go on by what was last known while the shared store cannot be
    /// reached; zero refuses them. At most 60 s.
    /// </summary>
    public TimeSpan LastKnownFor { get; init; }

    /// <summary>The configuration file, which is followed; null where everything comes over the API.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>A snapshot that stays, in place of configuration and control documents; null as a rule.</summary>
    public GatewaySnapshot? Snapshot { get; init; }

    /// <summary>Wall and monotonic time, for windows, expiries and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
