namespace Gateway.TestHarness.Gateways;

/// <summary>What an agent saw of one call.</summary>
public enum CallOutcome
{
    /// <summary>The server's answer came back.</summary>
    Admitted,

    /// <summary>The gateway denied it, as a rule or a limit says.</summary>
    Refused,

    /// <summary>The gateway denied it as it could not decide.</summary>
    Unavailable,

    /// <summary>The gateway answered with an error of another kind, such as that the server is out of reach.</summary>
    Failed,

    /// <summary>Nobody answered.</summary>
    Unanswered,
}
