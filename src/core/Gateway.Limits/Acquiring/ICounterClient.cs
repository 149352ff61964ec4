using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>Access to the owner of a counter: in this process, or behind a grain reference.</summary>
public interface ICounterClient
{
    /// <summary>
    /// Returns numbers for one call, or a refusal, if that is possible at once; otherwise a waiting reply, and the call
    /// has left no trace. An owner that grants here also takes numbers back synchronously: its releases have completed
    /// when they return.
    /// </summary>
    CounterReply TryAcquire(CounterKey key, in CounterRequest ask, long nowMs);

    /// <summary>Returns numbers for one call, or a refusal. A canceled request holds nothing.</summary>
    ValueTask<CounterReply> AcquireAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken);

    /// <summary>Returns the reply that an acquire would give, without taking anything.</summary>
    ValueTask<CounterReply> PeekAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken);

    /// <summary>Gives back this amount of a part. A release that is too late or repeated is ignored.</summary>
    ValueTask ReleaseAsync(CounterPermit part, Amount amount, long nowMs, CancellationToken cancellationToken);
}
