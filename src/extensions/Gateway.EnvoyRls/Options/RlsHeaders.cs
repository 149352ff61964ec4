namespace Gateway.EnvoyRls.Options;

/// <summary>Which fields an answer asks the proxy to add for its client.</summary>
public enum RlsHeaders
{
    /// <summary>None.</summary>
    None,

    /// <summary><c>RateLimit-Limit</c>, <c>-Remaining</c>, <c>-Reset</c>.</summary>
    RateLimit,

    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c>, <c>-Reset</c>.</summary>
    XRateLimit,
}
