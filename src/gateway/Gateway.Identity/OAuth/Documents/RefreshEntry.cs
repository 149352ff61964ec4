namespace Gateway.Identity.OAuth.Documents;

/// <summary>One refresh token.</summary>
/// <param name="Hash">All that is kept of it.</param>
/// <param name="Parent">The one that it was given for; null for a code's.</param>
internal sealed record RefreshEntry(string Hash, string? Parent = null)
{
    /// <summary>When another was first given for it; null where none was.</summary>
    public DateTimeOffset? Replaced { get; init; }

    /// <summary>Whether one that was given for it was used: its client has that, and needs this no more.</summary>
    public bool Superseded { get; init; }
}
