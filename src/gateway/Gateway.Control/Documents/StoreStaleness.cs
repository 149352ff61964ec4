namespace Gateway.Control.Documents;

/// <summary>
/// The time since the control store was last reached. A process that cannot learn of a revoked grant must not go on as
/// if none were revoked: after <see cref="StaleAfter"/> it denies and is not ready.
/// </summary>
public sealed class StoreStaleness(IControlStore store, TimeProvider time)
{
    /// <summary>
    /// Half a second less than the promised five seconds, for a call that was checked just before and begins a little
    /// later on a busy machine.
    /// </summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(4.5);

    private long _reachedAt = time.GetTimestamp();

    /// <summary>The reason why the known grants cannot be trusted; null while they can.</summary>
    public string? Fault => Age > StaleAfter
        ? "the control store has not been reached for almost 5 s, so a revoked grant would look like a valid one"
        : null;

    /// <summary>The maximum age of the known state; zero if no other process can change it.</summary>
    public TimeSpan Age =>
        store.IsShared ? time.GetElapsedTime(Volatile.Read(ref _reachedAt)) : TimeSpan.Zero;

    /// <param name="askedAt">The time at which the request was sent to which the store responded; never later.</param>
    public void ReachedAt(long askedAt)
    {
        // Two requests may overlap, and the response to the older one may come last.
        for (var known = Volatile.Read(ref _reachedAt); askedAt > known;)
        {
            var met = Interlocked.CompareExchange(ref _reachedAt, askedAt, known);
            if (met == known)
                return;
            known = met;
        }
    }
}
