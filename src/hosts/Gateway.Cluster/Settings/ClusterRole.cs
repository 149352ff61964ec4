namespace Gateway.Cluster.Settings;

/// <summary>What one process of a fleet does.</summary>
internal enum ClusterRole
{
    /// <summary>Serves agents, and asks the silos.</summary>
    Frontend,

    /// <summary>Owns counters.</summary>
    Silo,

    /// <summary>Both, in one process.</summary>
    All,
}
