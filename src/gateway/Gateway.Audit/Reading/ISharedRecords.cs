namespace Gateway.Audit.Reading;

/// <summary>
/// The records of all gateways that ship to one place, as far as they are there by now. Places in it are text of its
/// own, as pages name them.
/// </summary>
public interface ISharedRecords
{
    /// <summary>The sink's name.</summary>
    string Name { get; }

    /// <summary>The first records that are wanted, behind the place <paramref name="cursor"/>.</summary>
    /// <exception cref="IOException">It gives no answer; the message says why, without a password.</exception>
    Task<AuditPage> ReadAsync(AuditQuery query, string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The last records that are wanted, oldest first, before a place or to the end; with a count of 0 how many there
    /// are.
    /// </summary>
    /// <exception cref="IOException">It gives no answer; the message says why, without a password.</exception>
    Task<AuditPage> TailAsync(AuditQuery query, int count, string? before, CancellationToken cancellationToken);
}
