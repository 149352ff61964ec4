using System.Net;
using Gateway.Hosting.Options;
using Gateway.Orleans.Accounts;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Cluster.Settings;

/// <summary>What one process of a fleet is started with.</summary>
internal sealed record ClusterSettings : HostSettings
{
    private const string FileScheme = "file:";

    /// <summary>What this process does.</summary>
    public required ClusterRole Role { get; init; }

    /// <summary>Where silos find each other.</summary>
    public ClusteringKind Clustering { get; init; }

    /// <summary>
    /// Blobs of an Azure storage account that knows this process by its identity, in place of
    /// <see cref="HostSettings.Store"/>.
    /// </summary>
    public Uri? AzureBlobs { get; init; }

    /// <summary>Tables of that account.</summary>
    public Uri? AzureTables { get; init; }

    /// <summary>The kinds of storage accounts that this program supports.</summary>
    public IReadOnlyList<IFleetAccounts> Accounts { get; init; } = [];

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

    /// <summary>This process's identity inside the fleet; null if connections there are neither encrypted nor
    /// authenticated.</summary>
    public ClusterTlsFiles? ClusterTls { get; init; }

    /// <summary>True if the operator accepts unauthenticated connections beyond this machine.</summary>
    public bool IsInsecureAllowed { get; init; }

    /// <summary>True if silos collect figures for the Orleans dashboard and frontends serve its pages.</summary>
    public bool HasDashboard { get; init; }

    /// <summary>
    /// The name under which Orleans knows the fleet. Processes with and without TLS cannot talk to each other, so they
    /// form two clusters over one store, and an upgrade replaces one by the other; no counter relies on one owner.
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

    /// <summary>The folder of a store of files, for processes of one machine; null for another store.</summary>
    public string? Folder => Store?.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) == true
        ? Store[FileScheme.Length..]
        : null;

    /// <summary>Agents are served first; the operator's address stands last, and is a silo's only one.</summary>
    public override ListenSettings Listeners => HasFrontend ? base.Listeners : new()
    {
        AdminListen = AdminListen ?? "http://127.0.0.1:0",
        AdminTls = AdminTls ?? Tls,
    };
}
