namespace Gateway.Server.Demo;

/// <summary>What became of one call, as the agent could tell from its answer.</summary>
internal enum DemoOutcome
{
    Admitted,
    RateLimited,
    Denied,

    /// <summary>An error that no decision explains, or the gateway's own trouble; the demo then fails.</summary>
    Failed,
}
