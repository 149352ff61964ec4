namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// Which database this is and how far it has come. A store must never go back in time: an older backup, a promoted
/// replica that lagged, or another database at the same address would hand out numbers again.
/// </summary>
/// <param name="System">The cluster's own identifier, made by <c>initdb</c>.</param>
/// <param name="Timeline">Raised by each promotion and point-in-time recovery.</param>
/// <param name="NextTransaction">Above every transaction that it has seen committed.</param>
/// <param name="HasSynchronousReplicas">A promotion loses nothing that was acknowledged.</param>
public sealed record DatabaseIdentity(
    long System, int Timeline, ulong NextTransaction, bool HasSynchronousReplicas)
{
    /// <summary>
    /// Why this one does not continue <paramref name="earlier"/>, whose write <paramref name="acknowledged"/> was
    /// confirmed to us; null if it does.
    /// </summary>
    public string? GoneBackSince(DatabaseIdentity earlier, ulong acknowledged)
    {
        if (System != earlier.System) return "it is another database than before";
        if (NextTransaction <= acknowledged) return "it has not seen a write that it had confirmed";
        if (Timeline != earlier.Timeline && !earlier.HasSynchronousReplicas)
            return "it was promoted or restored, and had no synchronous replica";
        return null;
    }
}
