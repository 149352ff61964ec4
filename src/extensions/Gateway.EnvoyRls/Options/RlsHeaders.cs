namespace Gateway.EnvoyRls.Options;

/// <summary>The header fields that a response tells the proxy to add for its client.</summary>
public enum RlsHeaders
{
    /// <summary>No fields.</summary>
    None,

    /// <summary><c>RateLimit-Limit</c>, <c>-Remaining</c>, <c>-Reset</c>.</summary>
    RateLimit,

    /// <summary><c>X-RateLimit-Limit</c>, <c>-Remaining</c>, <c>-Reset</c>.</summary>
    XRateLimit,
}
