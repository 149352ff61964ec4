namespace Gateway.Faults.Fleets;

/// <summary>What a fleet is made of.</summary>
internal enum FleetKind
{
    /// <summary>Gateways with an engine each over one PostgreSQL.</summary>
    Postgres,

    /// <summary>One gateway with a journal of its own.</summary>
    Journal,

    /// <summary>Frontends and silos over one PostgreSQL.</summary>
    Cluster,

    /// <summary>Frontends and silos over one emulated account of Azure Storage.</summary>
    Azure,
}
