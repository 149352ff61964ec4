namespace Gateway.Admin.Identity.Providers;

/// <summary>What the handler's events leave with a request.</summary>
internal sealed record ProviderTrace
{
    /// <summary>Where the browser is sent.</summary>
    public string? Location { get; init; }

    /// <summary>What the provider says about the person.</summary>
    public ProviderClaims? Claims { get; init; }

    /// <summary>Whether the provider, or the person there, said no.</summary>
    public bool IsDenied { get; init; }

    /// <summary>Why it failed.</summary>
    public Exception? Failure { get; init; }
}
