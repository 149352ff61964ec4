namespace Gateway.Catalogue.Keeping;

/// <summary>
/// Which inventory of a server is in force: a small document, which every frontend sees at once. The inventory itself
/// is in the archive.
/// </summary>
/// <param name="Number">Its number on the server's shelf; 0 before there is one.</param>
/// <param name="Salt">Makes <paramref name="Credential"/> say nothing about the credential.</param>
/// <param name="Credential">A hash of the server's address and of all that it is asked with.</param>
public sealed record InventoryPointer(long Number, string Salt, string Credential)
{
    /// <summary>When the server last listed what it offers; null where it never did.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Since when it cannot be asked; null while it can.</summary>
    public DateTimeOffset? FailedSince { get; init; }

    /// <summary>Why not.</summary>
    public string? Why { get; init; }
}
