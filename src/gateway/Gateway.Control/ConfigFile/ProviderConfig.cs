namespace Gateway.Control.ConfigFile;

/// <summary>A member of <c>admin.providers</c> of the configuration file.</summary>
internal sealed record ProviderConfig
{
    /// <summary>The issuer, exactly as the provider writes it.</summary>
    public string? Issuer { get; set; }

    /// <summary>The gateway's client id at the provider.</summary>
    public string? ClientId { get; set; }

    /// <summary>The gateway's client secret, in plain text or as <c>${NAME}</c>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The name that people see.</summary>
    public string? DisplayName { get; set; }

    /// <summary>The scopes to request in addition to <c>openid</c>; null for the default.</summary>
    public List<string>? Scopes { get; set; }

    /// <summary>The claim that gives a new account its name.</summary>
    public string? NameClaim { get; set; }

    /// <summary>The claim whose values are the keys of <see cref="Roles"/>.</summary>
    public string? RoleClaim { get; set; }

    /// <summary>Roles by value of that claim; <c>*</c> means everybody.</summary>
    public Dictionary<string, List<string>> Roles { get; set; } = [];
}
