namespace Gateway.Admin.Identity.Operators;

/// <summary>A signed-in browser.</summary>
public sealed record OperatorSession
{
    /// <summary>The document's name: the hash of what the cookie holds.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required OperatorAccount Owner { get; init; }

    /// <summary>When it was signed in.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its last request, or somewhat before.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <summary>The address that signed in.</summary>
    public string? From { get; init; }

    /// <summary>What the browser called itself.</summary>
    public string? Agent { get; init; }

    /// <summary>The document's.</summary>
    public required long Version { get; init; }
}
