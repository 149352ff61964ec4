namespace Gateway.Admin.Identity.Providers;

/// <summary>The results that the handler's events store in a request.</summary>
internal sealed record ProviderTrace
{
    /// <summary>The address to which the browser is redirected.</summary>
    public string? Location { get; init; }

    /// <summary>The provider's claims about the person.</summary>
    public ProviderClaims? Claims { get; init; }

    /// <summary>True if the provider, or the person there, denied access.</summary>
    public bool IsDenied { get; init; }

    /// <summary>The cause of a failure.</summary>
    public Exception? Failure { get; init; }
}
