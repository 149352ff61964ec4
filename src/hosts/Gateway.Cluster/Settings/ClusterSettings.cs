using System.Net;
using Gateway.Audit.Files;
using Gateway.Identity.Listeners;

namespace Gateway.Cluster.Settings;

/// <summary>What one process of a fleet is started with.</summary>
internal sealed record ClusterSettings
{
    /// <summary>What this process does.</summary>
    public required ClusterRole Role { get; init; }

    /// <summary>Where silos find each other.</summary>
    public ClusteringKind Clustering { get; init; }

    /// <summary>Where reservations and the membership table live; silos cannot do without.</summary>
    public string? Store { get; init; }

    /// <summary>
    /// Blobs of an Azure storage account that knows this process by its identity, in place of <see cref="Store"/>.
    /// </summary>
    public Uri? AzureBlobs { get; init; }

    /// <summary>Tables of that account.</summary>
    public Uri? AzureTables { get; init; }

    /// <summary>Silos and frontends of one fleet share it; another one is another fleet on the same store.</summary>
    public string ClusterId { get; init; } = "gateway";

    /// <summary>Stays the same over upgrades; names what is kept.</summary>
    public string ServiceId { get; init; } = "gateway";

    /// <summary>The name of this process in the fleet: in Kubernetes, of its pod.</summary>
    public required string Name { get; init; }

    /// <summary>The address that other processes reach this silo at: in Kubernetes, of its pod.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Silo to silo.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Frontend to silo.</summary>
    public int ClientPort { get; init; } = 30000;

    /// <summary>With clustering <c>localhost</c>, the port of the silo that knows the others.</summary>
    public int PrimaryPort { get; init; } = 11111;

    /// <summary>Addresses that agents are served on.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>
    /// The address under which agents reach the fleet; null: <c>publicUrl</c> of the file, or the first of
    /// <see cref="Listen"/>.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The address of the operator's paths; a silo's only one.</summary>
    public string? AdminListen { get; init; }

    /// <summary>The certificate of every address that begins with https://.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The operator's own certificate; null takes the same.</summary>
    public TlsFiles? AdminTls { get; init; }

    /// <summary>Servers, policies and grants.</summary>
    public FileInfo? Config { get; init; }

    /// <summary>Where the audit log lives.</summary>
    public string DataDirectory { get; init; } = ".gateway";

    /// <summary>The most programs that this process runs at once, of all servers.</summary>
    public int ProgramsMax { get; init; } = 256;

    /// <summary>
    /// The most counters at a silo, and the most that a frontend asks at a time; null takes as many as fit into half of
    /// a silo's memory and a fifth of a frontend's.
    /// </summary>
    public int? CountersMax { get; init; }

    /// <summary>Bytes that a frontend's requests and answers may hold; null: a quarter of its memory.</summary>
    public long? MemoryBytesMax { get; init; }

    /// <summary>How long a frontend goes on serving connected clients after it was asked to stop.</summary>
    public TimeSpan Linger { get; init; }

    /// <summary>How long calls without limits go on without the control store; zero refuses them.</summary>
    public TimeSpan LastKnownFor { get; init; }

    /// <summary>How much of the audit log is kept.</summary>
    public AuditRetention AuditRetention { get; init; } = new();

    /// <summary>Whether an audit record survives power loss before its call goes on.</summary>
    public bool IsDurable { get; init; }

    /// <summary>A dead band at each window's edge; the same for every process of the fleet.</summary>
    public bool StrictWindows { get; init; }

    /// <summary>True if this process serves agents.</summary>
    public bool HasFrontend => Role != ClusterRole.Silo;

    /// <summary>True if this process owns counters.</summary>
    public bool HasSilo => Role != ClusterRole.Frontend;
}
