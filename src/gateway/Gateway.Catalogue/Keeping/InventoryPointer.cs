namespace Gateway.Catalogue.Keeping;

/// <summary>
/// The pointer to the current inventory of a server: a small document that every frontend sees at once. The inventory
/// itself is in the archive.
/// </summary>
/// <param name="Number">Its number in the server's archive topic; 0 if there is none yet.</param>
/// <param name="Salt">The salt that keeps <paramref name="Credential"/> from revealing the credential.</param>
/// <param name="Credential">A hash of the server's address and of everything sent with requests to it.</param>
public sealed record InventoryPointer(long Number, string Salt, string Credential)
{
    /// <summary>The time at which the server last listed its inventory; null if it never did.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The time since which requests have failed; null if they succeed.</summary>
    public DateTimeOffset? FailedSince { get; init; }

    /// <summary>The reason for the failure.</summary>
    public string? Why { get; init; }
}
