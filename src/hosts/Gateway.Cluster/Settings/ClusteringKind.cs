namespace Gateway.Cluster.Settings;

/// <summary>Where the silos of a fleet find each other.</summary>
internal enum ClusteringKind
{
    /// <summary>On this machine: the silo at the first port knows the others.</summary>
    Localhost,

    /// <summary>In a membership table in the PostgreSQL database of the store.</summary>
    Postgres,

    /// <summary>In a membership table in the Azure storage account of the store.</summary>
    Azure,
}
