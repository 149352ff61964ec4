namespace Gateway.Faults.Fleets;

/// <summary>The kind of processes and store that a fleet consists of.</summary>
internal enum FleetKind
{
    /// <summary>Gateways with an engine each over one PostgreSQL database.</summary>
    Postgres,

    /// <summary>One gateway with its own journal.</summary>
    Journal,

    /// <summary>Frontends and silos over one PostgreSQL database.</summary>
    Cluster,

    /// <summary>Frontends and silos over one emulated Azure Storage account.</summary>
    Azure,
}
