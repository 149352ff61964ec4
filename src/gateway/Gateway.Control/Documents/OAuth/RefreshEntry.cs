namespace Gateway.Control.Documents.OAuth;

/// <summary>One refresh token.</summary>
/// <param name="Hash">The SHA-256 of the token.</param>
/// <param name="Parent">The hash of the token that it replaced; null for the first one.</param>
public sealed record RefreshEntry(string Hash, string? Parent = null)
{
    /// <summary>The time of the first use, at which the successor was issued; null for the current token.</summary>
    public DateTimeOffset? Replaced { get; init; }

    /// <summary>True once the successor was used. From then on, presenting this token ends the family.</summary>
    public bool Superseded { get; init; }
}
