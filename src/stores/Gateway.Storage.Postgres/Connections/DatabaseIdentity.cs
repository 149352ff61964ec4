namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// The identity of a database and its progress. A store must never go back in time: an older backup, a promoted replica
/// that lagged, or another database at the same address would issue numbers again.
/// </summary>
/// <param name="System">The cluster's own identifier, created by <c>initdb</c>.</param>
/// <param name="Timeline">Increased by each promotion and point-in-time recovery.</param>
/// <param name="NextTransaction">Greater than every transaction that the database has seen committed.</param>
/// <param name="HasSynchronousReplicas">True if a promotion loses nothing that was acknowledged.</param>
public sealed record DatabaseIdentity(
    long System, int Timeline, ulong NextTransaction, bool HasSynchronousReplicas)
{
    /// <summary>
    /// Returns the reason why this identity does not continue <paramref name="earlier"/>, whose write
    /// <paramref name="acknowledged"/> was confirmed to this process; null if it does.
    /// </summary>
    public string? GoneBackSince(DatabaseIdentity earlier, ulong acknowledged)
    {
        if (System != earlier.System) return "it is another database than before";
        if (NextTransaction <= acknowledged) return "it lacks a write that it had confirmed";
        if (Timeline != earlier.Timeline && !earlier.HasSynchronousReplicas)
            return "it was promoted or restored, and had no synchronous replica";
        return null;
    }
}
