namespace Gateway.Control.ConfigFile;

/// <summary>A member of <c>admin.providers</c> of the configuration file.</summary>
internal sealed record ProviderConfig
{
    /// <summary>Exactly as the provider writes itself.</summary>
    public string? Issuer { get; set; }

    /// <summary>The gateway's name at the provider.</summary>
    public string? ClientId { get; set; }

    /// <summary>Its secret there, plainly or as <c>${NAME}</c>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What people see.</summary>
    public string? DisplayName { get; set; }

    /// <summary>What is asked for beside <c>openid</c>; null for the usual.</summary>
    public List<string>? Scopes { get; set; }

    /// <summary>The claim that names a new account.</summary>
    public string? NameClaim { get; set; }

    /// <summary>The claim that <see cref="Roles"/> are looked up by.</summary>
    public string? RoleClaim { get; set; }

    /// <summary>Roles by value of that claim; <c>*</c> for everybody.</summary>
    public Dictionary<string, List<string>> Roles { get; set; } = [];
}
