namespace Gateway.Control.Documents.OAuth;

/// <summary>What an operator is asked to consent to; what their form brings back is only its id.</summary>
public sealed record RequestDocument
{
    /// <summary>The client's id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The redirect URI of the authorization request.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>The PKCE code challenge (RFC 7636).</summary>
    public required string Challenge { get; init; }

    /// <summary>The requested scope.</summary>
    public required string Scope { get; init; }

    /// <summary>The client's <c>state</c> parameter, returned unchanged.</summary>
    public string? State { get; init; }

    /// <summary>Or all of them; null where the client named none, and the operator chooses.</summary>
    public string? Server { get; init; }

    /// <summary>The browser that it was shown in.</summary>
    public required string Session { get; init; }

    /// <summary>The time at which it was created.</summary>
    public required DateTimeOffset Created { get; init; }
}
