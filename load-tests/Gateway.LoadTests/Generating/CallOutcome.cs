namespace Gateway.LoadTests.Generating;

/// <summary>The outcome of one call, as its sender observed it.</summary>
internal enum CallOutcome
{
    /// <summary>The server's response arrived.</summary>
    Admitted,

    /// <summary>A limit had no room.</summary>
    RateLimited,

    /// <summary>Refused for another reason: by a rule, or because the gateway could not decide.</summary>
    Denied,

    /// <summary>Not accepted at all (503, or no connection): safe to send again.</summary>
    Unavailable,

    /// <summary>The connection broke before the response was complete, so the outcome is unknown.</summary>
    Broken,

    /// <summary>Any other HTTP status.</summary>
    Unexpected,
}
