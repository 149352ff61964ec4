namespace Gateway.Control.Documents;

/// <summary>
/// How long ago the control store was last reached. A process that cannot hear of a revoked grant must not go on as if
/// there were none: after <see cref="StaleAfter"/> it denies and is not ready.
/// </summary>
public sealed class StoreStaleness(IControlStore store, TimeProvider time)
{
    /// <summary>
    /// Half a second less than the five seconds that are promised, for a call that was checked just before and begins
    /// a little later on a busy machine.
    /// </summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(4.5);

    private long _reachedAt = time.GetTimestamp();

    /// <summary>Null while what is in force can be trusted.</summary>
    public string? Fault => Age > StaleAfter
        ? "the control store has not been reached for almost 5 s, so a revoked grant could not be told from a good one"
        : null;

    /// <summary>How old what is in force may be; zero where nobody else can change it.</summary>
    public TimeSpan Age =>
        store.IsShared ? time.GetElapsedTime(Volatile.Read(ref _reachedAt)) : TimeSpan.Zero;

    /// <param name="askedAt">When the question was asked that the store has answered; never later.</param>
    public void ReachedAt(long askedAt)
    {
        // Two ask, and the answer to the older question may come last.
        for (var known = Volatile.Read(ref _reachedAt); askedAt > known;)
        {
            var met = Interlocked.CompareExchange(ref _reachedAt, askedAt, known);
            if (met == known)
                return;
            known = met;
        }
    }
}
