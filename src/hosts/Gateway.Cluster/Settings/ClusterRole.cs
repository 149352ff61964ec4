namespace Gateway.Cluster.Settings;

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
