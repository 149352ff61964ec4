namespace Gateway.Admin.Identity.Operators;

/// <summary>A signed-in browser.</summary>
public sealed record OperatorSession
{
    /// <summary>The name of the document: the hash of the id in the cookie.</summary>
    public required string Id { get; init; }

    /// <summary>The operator who is signed in.</summary>
    public required OperatorAccount Owner { get; init; }

    /// <summary>The time of the sign-in.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The approximate time of the last request; the true one may be somewhat later.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <summary>The address from which the operator signed in.</summary>
    public string? From { get; init; }

    /// <summary>The browser's user agent.</summary>
    public string? Agent { get; init; }

    /// <summary>The version of the document.</summary>
    public required long Version { get; init; }
}
