namespace Gateway.LoadTests.Generating;

/// <summary>What became of one call, as its sender saw it.</summary>
internal enum CallOutcome
{
    /// <summary>The server's answer came back.</summary>
    Admitted,

    /// <summary>A limit had no room.</summary>
    RateLimited,

    /// <summary>Refused for another reason: by a rule, or because the gateway could not decide.</summary>
    Denied,

    /// <summary>Not taken at all (503, or no connection): safe to send again.</summary>
    Unavailable,

    /// <summary>The connection broke before the answer was whole: nobody knows.</summary>
    Broken,

    /// <summary>Any other HTTP status.</summary>
    Unexpected,
}
