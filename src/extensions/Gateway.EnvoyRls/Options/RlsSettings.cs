namespace Gateway.EnvoyRls.Options;

/// <summary>The rate limit service as a process was told to run it.</summary>
public sealed record RlsSettings
{
    /// <summary>The address that it listens on, HTTP/2 without TLS where it begins with http://.</summary>
    public required string Listen { get; init; }

    /// <summary>A file of rules, or a folder with several: <c>*.yaml</c> and <c>*.yml</c>.</summary>
    public required string RulesPath { get; init; }

    /// <summary>
    /// Authorities in PEM, of which one has to have issued a caller's certificate; null asks for none.
    /// </summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>A file of tokens, one a line, of which a caller sends one; null asks for none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Fields for the proxy's client.</summary>
    public RlsHeaders Headers { get; init; }

    /// <summary>Whether an answer carries what was asked, and the metadata of the rules that let it through.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>The bounds.</summary>
    public RlsOptions Options { get; init; } = new();
}
