namespace Gateway.Control.ConfigFile;

/// <summary>The <c>identity</c> member of the configuration file.</summary>
internal sealed record IdentityConfig
{
    /// <summary>The issuers by name; at most 16.</summary>
    public Dictionary<string, IssuerConfig> Issuers { get; set; } = [];

    /// <summary>The header of clients that cannot set <c>Authorization</c>; null for <c>X-API-Key</c>.</summary>
    public string? ApiKeyHeader { get; set; }

    /// <summary>The header with a trusted proxy's client's certificate; null to accept none from proxies.</summary>
    public string? CertificateHeader { get; set; }
}

/// <summary>A member of <c>identity.issuers</c> of the configuration file.</summary>
internal sealed record IssuerConfig
{
    /// <summary>The issuer, exactly as its tokens write it.</summary>
    public string? Issuer { get; set; }

    /// <summary>The audience of tokens for the gateway; null for the address that is called.</summary>
    public string? Audience { get; set; }

    /// <summary>The address of the keys; null to discover it.</summary>
    public string? Jwks { get; set; }

    /// <summary>The claims that identify a subject; null for <c>sub</c>.</summary>
    public List<string>? Subject { get; set; }

    /// <summary>The type of its access tokens: <c>at+jwt</c> or <c>JWT</c>; null to decide by claims.</summary>
    public string? Typ { get; set; }

    /// <summary>True to name the issuer in the metadata of the gateway's addresses.</summary>
    public bool Advertise { get; set; }

    /// <summary>The scopes that clients request there, if it is advertised.</summary>
    public List<string> Scopes { get; set; } = [];

    /// <summary>True to accept its identity assertions (ID-JAG) at the token endpoint.</summary>
    public bool IdJag { get; set; }

    /// <summary>True to accept its workloads' tokens as authorization grants at the token endpoint.</summary>
    public bool Workloads { get; set; }

    /// <summary>The claims with free text.</summary>
    public List<string> FreeText { get; set; } = [];

    /// <summary>The number of seconds for which fetched keys are used; null for a day.</summary>
    public long? KeysMaxAgeSeconds { get; set; }

    /// <summary>The client certificates that identify its callers; null if its tokens do.</summary>
    public CertificatesConfig? Certificates { get; set; }
}

/// <summary>The <c>certificates</c> member of an issuer.</summary>
internal sealed record CertificatesConfig
{
    /// <summary>The file with its authorities in PEM.</summary>
    public string? Ca { get; set; }

    /// <summary>The part of a certificate that identifies its holder; empty if it is not valid.</summary>
    public string? Subject { get; set; }
}
