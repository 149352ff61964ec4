namespace Gateway.TestHarness.Gateways;

/// <summary>The result of one call, as the agent observed it.</summary>
public enum CallOutcome
{
    /// <summary>The server's response arrived.</summary>
    Admitted,

    /// <summary>The gateway denied it by a rule or a limit.</summary>
    Refused,

    /// <summary>The gateway denied it because it could not decide.</summary>
    Unavailable,

    /// <summary>The gateway returned another error, for example because the server is unreachable.</summary>
    Failed,

    /// <summary>No response arrived.</summary>
    Unanswered,
}
