namespace Gateway.Hosting.Demo;

/// <summary>The outcome of one call, as the agent sees it in the response.</summary>
public enum DemoOutcome
{
    /// <summary>The server responded.</summary>
    Admitted,

    /// <summary>A limit refused it.</summary>
    RateLimited,

    /// <summary>A rule denied it.</summary>
    Denied,

    /// <summary>An error without a decision, or a problem of the gateway itself; the demo then fails.</summary>
    Failed,
}
