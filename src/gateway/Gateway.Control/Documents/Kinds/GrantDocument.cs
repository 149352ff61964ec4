namespace Gateway.Control.Documents.Kinds;

/// <summary>A grant as the store keeps it: never its token.</summary>
public sealed record GrantDocument
{
    /// <summary>Server name to policy name; null denies every call there.</summary>
    public required Dictionary<string, string?> Servers { get; init; }

    public required string TokenHash { get; init; }

    /// <summary>The token from before the last rotation, until <see cref="PreviousUntil"/>.</summary>
    public string? PreviousTokenHash { get; init; }

    public DateTimeOffset? PreviousUntil { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public bool Paused { get; init; }

    public DateTimeOffset? Created { get; init; }
}
