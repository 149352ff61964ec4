using System.Net;
using Gateway.Hosting.Options;
using Gateway.Orleans.Accounts;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Cluster.Settings;

/// <summary>The settings of one process of a fleet.</summary>
internal sealed record ClusterSettings : HostSettings
{
    private const string FileScheme = "file:";

    public required ClusterRole Role { get; init; }

    /// <summary>The way in which silos find each other.</summary>
    public ClusteringKind Clustering { get; init; }

    /// <summary>
    /// Blobs of an Azure storage account that authorizes this process's identity, instead of
    /// <see cref="HostSettings.Store"/>.
    /// </summary>
    public Uri? AzureBlobs { get; init; }

    /// <summary>Tables of the same account.</summary>
    public Uri? AzureTables { get; init; }

    /// <summary>The kinds of storage accounts that this program supports.</summary>
    public IReadOnlyList<IFleetAccounts> Accounts { get; init; } = [];

    /// <summary>
    /// Id that silos and frontends of one fleet share; different ids separate fleets on the same store.
    /// </summary>
    public string ClusterId { get; init; } = "gateway";

    /// <summary>Name of the stored state, which stays the same over upgrades.</summary>
    public string ServiceId { get; init; } = "gateway";

    /// <summary>The name of this process in the fleet; in Kubernetes, of its pod.</summary>
    public required string Name { get; init; }

    /// <summary>The address at which other processes reach this silo; in Kubernetes, of its pod.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port for connections between silos.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for connections from frontends.</summary>
    public int ClientPort { get; init; } = 30000;

    /// <summary>With clustering <c>localhost</c>, the port of the silo that all others join.</summary>
    public int PrimaryPort { get; init; } = 11111;

    /// <summary>
    /// This process's identity inside the fleet; null if connections there are neither encrypted nor authenticated.
    /// </summary>
    public ClusterTlsFiles? ClusterTls { get; init; }

    /// <summary>True if the operator accepts unauthenticated connections beyond this machine.</summary>
    public bool IsInsecureAllowed { get; init; }

    /// <summary>True if silos collect statistics for the Orleans dashboard and frontends serve its pages.</summary>
    public bool HasDashboard { get; init; }

    /// <summary>
    /// The cluster id for Orleans. Processes with and without TLS cannot communicate, so they form two clusters over
    /// one store, and an upgrade replaces one with the other; no counter depends on a single owner.
    /// </summary>
    public string OrleansClusterId => ClusterTls is null ? ClusterId : ClusterId + "-tls";

    /// <summary>True if other machines are meant to reach this process.</summary>
    public bool IsReachable => Clustering != ClusteringKind.Localhost && !IPAddress.IsLoopback(Address);

    /// <summary>True if this process serves agents.</summary>
    public bool HasFrontend => Role != ClusterRole.Silo;

    /// <summary>True if this process owns counters.</summary>
    public bool HasSilo => Role != ClusterRole.Frontend;

    /// <summary>True if the store is a connection string of an Azure storage account.</summary>
    public bool IsAzure => Store?.Contains("AccountName=", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The folder of a file store, for processes of one machine; null for another store.</summary>
    public string? Folder => Store?.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) == true
        ? Store[FileScheme.Length..]
        : null;

    /// <summary>
    /// The listeners. Agents' addresses come first; the operator's address is last, and is a silo's only one.
    /// </summary>
    public override ListenSettings Listeners => HasFrontend ? base.Listeners : new()
    {
        AdminListen = AdminListen ?? "http://127.0.0.1:0",
        AdminTls = AdminTls ?? Tls,
    };
}

/// <summary>Files of a process's identity inside its fleet.</summary>
/// <param name="Certificate">PEM with the certificate first and its intermediate certificates after it.</param>
/// <param name="Key">PEM; null if the first file contains the key too.</param>
/// <param name="Authorities">PEM with the authorities that must have issued the peers' certificates.</param>
internal sealed record ClusterTlsFiles(string Certificate, string? Key, string Authorities);

/// <summary>The role of a process in a fleet.</summary>
internal enum ClusterRole
{
    /// <summary>Serves agents, and uses the silos' counters.</summary>
    Frontend,

    /// <summary>Owns counters.</summary>
    Silo,

    /// <summary>Both roles in one process.</summary>
    All,
}

/// <summary>The way in which the silos of a fleet find each other.</summary>
internal enum ClusteringKind
{
    /// <summary>On this machine, through the silo at the primary port.</summary>
    Localhost,

    /// <summary>In a membership table in the PostgreSQL database of the store.</summary>
    Postgres,

    /// <summary>In a membership table in the Azure storage account of the store.</summary>
    Azure,
}
