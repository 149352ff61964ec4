namespace Gateway.Hosting.Demo;

/// <summary>What became of one call, as the agent could tell from its answer.</summary>
public enum DemoOutcome
{
    /// <summary>The server answered.</summary>
    Admitted,

    /// <summary>A limit refused it.</summary>
    RateLimited,

    /// <summary>A rule denied it.</summary>
    Denied,

    /// <summary>An error that no decision explains, or the gateway's own trouble; the demo then fails.</summary>
    Failed,
}
