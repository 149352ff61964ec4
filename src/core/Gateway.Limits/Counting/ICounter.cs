using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// One owner of one counter, whatever its kind: event in, effects out. The driver steps it from one thread at a time
/// and carries out the effects.
/// </summary>
public interface ICounter
{
    /// <summary>The counter.</summary>
    CounterKey Key { get; }

    /// <summary>Start of the window that it is in; of a sliding limit, the time of its record.</summary>
    long WindowStartMs { get; }

    /// <summary>The second, since the epoch, of the last admission.</summary>
    long LastSecond { get; }

    /// <summary>True if nothing waits, nothing is on its way and nothing that was given out may come back.</summary>
    bool IsIdle { get; }

    /// <summary>True if nothing waits and nothing is on its way.</summary>
    bool IsQuiet { get; }

    /// <summary>True if numbers are in hand that would be lost if it were dropped now.</summary>
    bool HoldsNumbers { get; }

    /// <summary>Whether the table of these rules, which are its own, still holds it.</summary>
    bool IsHeldUnder(CounterRules rules);

    /// <summary>Its table has let go of it; it is never held again.</summary>
    void Evict();

    /// <summary>A call wants numbers. The answer comes at once, or as an effect of this or a later step.</summary>
    CounterReply Acquire(in CounterRequest ask, long nowMs, CounterEffects effects);

    /// <summary>The answer if it can be given at once; else waiting, and the call has left no trace.</summary>
    CounterReply TryAcquire(in CounterRequest ask, long nowMs, CounterEffects effects);

    /// <summary>What <see cref="Acquire"/> would say; waiting if the record must be seen first.</summary>
    CounterReply Peek(in CounterRequest ask, long nowMs, CounterEffects effects, bool isFresh);

    /// <summary>The store's answer, or that none came.</summary>
    void OnReply(in StoreReply reply, long nowMs, CounterEffects effects);

    /// <summary>Numbers come back from a permit of this process; what is too late, or another's, is ignored.</summary>
    void Release(CounterPermit part, Amount amount, long nowMs, CounterEffects effects);

    /// <summary>Numbers come back by the id of their call; an id that is not out here is ignored.</summary>
    void Release(CallId id, Amount amount, long nowMs, CounterEffects effects);

    /// <summary>Whether this call was answered with numbers that are remembered.</summary>
    bool Knows(CallId id);

    /// <summary>The numbers of this call are not expected back.</summary>
    void Commit(CallId id);

    /// <inheritdoc cref="CounterMachine.Prefetch"/>
    long Prefetch(CallId id);

    /// <summary>A caller gave up. True if it was still waiting.</summary>
    bool Cancel(CallId id);

    /// <summary>
    /// A timer that was set for a moment has ended, though the clock may not have reached that moment.
    /// </summary>
    void OnTimer(long dueMs, long nowMs, CounterEffects effects);

    /// <summary>Gives back to the store what is in hand; after what is on its way, if anything is.</summary>
    void ReturnUnissued(long nowMs, CounterEffects effects);
}
