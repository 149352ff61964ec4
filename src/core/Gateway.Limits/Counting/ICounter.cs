using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// One owner of one counter of any kind: events in, effects out. The driver steps it from one thread at a time and
/// carries out the effects.
/// </summary>
public interface ICounter
{
    /// <summary>The counter.</summary>
    CounterKey Key { get; }

    /// <summary>Start of the current window; for a sliding limit, the time of its record.</summary>
    long WindowStartMs { get; }

    /// <summary>The second, since the epoch, of the last admission.</summary>
    long LastSecond { get; }

    /// <summary>
    /// True if no call waits, no exchange is in progress and nothing that was given out may come back.
    /// </summary>
    bool IsIdle { get; }

    /// <summary>True if no call waits and no exchange is in progress.</summary>
    bool IsQuiet { get; }

    /// <summary>True if numbers are in hand that would be lost if the counter were dropped now.</summary>
    bool HoldsNumbers { get; }

    /// <summary>
    /// Returns true if the table with these rules, which no other table has, still holds this counter.
    /// </summary>
    bool IsHeldUnder(CounterRules rules);

    /// <summary>Marks the counter as evicted from its table; it is never added again.</summary>
    void Evict();

    /// <summary>
    /// Acquires numbers for a call. The reply comes at once, or as an effect of this or a later step.
    /// </summary>
    CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects);

    /// <summary>
    /// Returns the reply if it can be given at once; otherwise a waiting reply, and the call has left no trace.
    /// </summary>
    CounterReply TryAcquire(in CounterRequest ask, long nowMs, CounterEffects effects);

    /// <summary>
    /// Returns the reply that <see cref="Acquire"/> would give; a waiting reply if the record must be read first.
    /// </summary>
    CounterReply Peek(in CounterRequest ask, long nowMs, CounterEffects effects, bool isFresh);

    /// <summary>Handles the store's reply, or the report that none came.</summary>
    void OnReply(in StoreReply reply, long nowMs, CounterEffects effects);

    /// <summary>
    /// Takes numbers back from a permit of this process. A release that is too late, or of another owner, is ignored.
    /// </summary>
    void Release(CounterPermit part, Amount amount, long nowMs, CounterEffects effects);

    /// <summary>Takes numbers back by the id of their call; an id that is not outstanding here is ignored.</summary>
    void Release(CallId id, Amount amount, long nowMs, CounterEffects effects);

    /// <summary>Returns true if this call was granted numbers that are remembered.</summary>
    bool Knows(CallId id);

    /// <summary>Notes that the numbers of this call are not expected back.</summary>
    void Commit(CallId id);

    /// <inheritdoc cref="CounterMachine.Prefetch"/>
    long Prefetch(CallId id);

    /// <summary>Cancels a call. True if it was still waiting.</summary>
    bool Cancel(CallId id);

    /// <summary>Handles the end of a timer for this time, even if the clock has not reached it yet.</summary>
    void OnTimer(long dueMs, long nowMs, CounterEffects effects);

    /// <summary>Returns the numbers in hand to the store, after any exchange in progress.</summary>
    void ReturnUnissued(long nowMs, CounterEffects effects);
}

/// <summary>The single request that a counter may have at the store at a time.</summary>
/// <param name="Token">
/// Identifies the request; the reply carries it too, and a reply with any other token is dropped.
/// </param>
/// <param name="Write">The record to write; null to read.</param>
/// <param name="ExpectedNonce">The nonce that the record must still carry; 0 if there must be none.</param>
public readonly record struct StoreRequest(uint Token, Reservation? Write, UInt128 ExpectedNonce);

/// <summary>The store's reply to a <see cref="StoreRequest"/>.</summary>
/// <param name="Token">Identifies the request.</param>
/// <param name="Read">The reply to a read.</param>
/// <param name="Write">The reply to a write; null for a read.</param>
public readonly record struct StoreReply(uint Token, ReservationRead Read, ReservationWrite? Write = null)
{
    /// <summary>Returns the reply that stands for a missing one.</summary>
    public static StoreReply Lost(in StoreRequest request) => new(
        request.Token, ReservationRead.Unavailable, request.Write is null ? null : ReservationWrite.Unknown);
}
