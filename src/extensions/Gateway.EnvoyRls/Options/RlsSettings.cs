namespace Gateway.EnvoyRls.Options;

/// <summary>The settings of a process's rate limit service.</summary>
public sealed record RlsSettings
{
    /// <summary>The address to listen on; HTTP/2 without TLS if it begins with http://.</summary>
    public required string Listen { get; init; }

    /// <summary>A rule file, or a folder of them: <c>*.yaml</c> and <c>*.yml</c>.</summary>
    public required string RulesPath { get; init; }

    /// <summary>
    /// Authorities in PEM, one of which must have issued a caller's certificate; null requires no certificate.
    /// </summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>A file of tokens, one per line, of which a caller must send one; null requires no token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The header fields for the proxy's client.</summary>
    public RlsHeaders Headers { get; init; }

    /// <summary>True if a response contains the request, and the metadata of the rules that admitted it.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>The bounds.</summary>
    public RlsOptions Options { get; init; } = new();
}

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
