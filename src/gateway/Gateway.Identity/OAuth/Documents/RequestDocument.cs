namespace Gateway.Identity.OAuth.Documents;

/// <summary>What an operator is asked to consent to; what their form brings back is only its id.</summary>
internal sealed record RequestDocument
{
    public required string ClientId { get; init; }

    public required string RedirectUri { get; init; }

    public required string Challenge { get; init; }

    public required string Scope { get; init; }

    public string? State { get; init; }

    /// <summary>Or all of them; null where the client named none, and the operator chooses.</summary>
    public string? Server { get; init; }

    /// <summary>The browser that it was shown in.</summary>
    public required string Session { get; init; }

    public required DateTimeOffset Created { get; init; }
}
