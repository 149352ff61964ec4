namespace Gateway.Control.Documents.OAuth;

/// <summary>A pending consent request to an operator. The operator's form returns only its id.</summary>
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

    /// <summary>The server, or all of them; null if the client named none, so that the operator chooses.</summary>
    public string? Server { get; init; }

    /// <summary>The browser session in which the request was shown.</summary>
    public required string Session { get; init; }

    /// <summary>The time at which it was created.</summary>
    public required DateTimeOffset Created { get; init; }
}
