namespace Gateway.Audit.Reading;

/// <summary>
/// The records of all gateways that ship to one sink, as far as they have arrived. Places are opaque text in the form
/// that pages use.
/// </summary>
public interface ISharedRecords
{
    /// <summary>Name of the sink.</summary>
    string Name { get; }

    /// <summary>Returns the first matching records after the place <paramref name="cursor"/>.</summary>
    /// <exception cref="IOException">
    /// The sink did not respond; the message gives the reason without a password.
    /// </exception>
    Task<AuditPage> ReadAsync(AuditQuery query, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the last matching records, oldest first, before a place or up to the end; with a count of 0, their
    /// number.
    /// </summary>
    /// <exception cref="IOException">
    /// The sink did not respond; the message gives the reason without a password.
    /// </exception>
    Task<AuditPage> TailAsync(AuditQuery query, int count, string? before, CancellationToken cancellationToken);

    /// <summary>
    /// Visits records, the newest first, until <paramref name="visit"/> returns false. Returns the place of the last
    /// one; null if no older record is left.
    /// </summary>
    /// <param name="scan">Which records to visit.</param>
    /// <param name="before">The place before which to begin; null for the newest record.</param>
    /// <param name="visit">Receives the line of each record.</param>
    /// <param name="cancellationToken">Ends the visit.</param>
    /// <exception cref="IOException">
    /// The sink did not respond; the message gives the reason without a password.
    /// </exception>
    Task<string?> VisitAsync(
        SharedScan scan, string? before, Func<byte[], bool> visit, CancellationToken cancellationToken);
}

/// <summary>Conditions that the store of shared records evaluates itself.</summary>
/// <param name="Members">Members of a record with their required values; <see cref="AuditQuery.Names"/> only.</param>
/// <param name="Texts">Texts that the line of a record contains, all of them.</param>
/// <param name="FromMs">Start of the time range in Unix milliseconds; null for no lower bound.</param>
/// <param name="ToMs">End of the time range (exclusive) in Unix milliseconds; null for no upper bound.</param>
public sealed record SharedScan(
    IReadOnlyList<(string Member, string Value)> Members, IReadOnlyList<string> Texts, long? FromMs, long? ToMs);
