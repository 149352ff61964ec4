namespace Gateway.Cluster.Settings;

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
