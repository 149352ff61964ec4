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
}
