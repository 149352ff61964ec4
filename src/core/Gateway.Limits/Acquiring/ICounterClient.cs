using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Acquiring;

/// <summary>Where a frontend finds the owner of a counter: in this process, or behind a grain reference.</summary>
public interface ICounterClient
{
    /// <summary>
    /// Numbers for one call, or why not, if that can be said at once; else waiting, and the call has left no trace. An
    /// owner that grants here takes back at once too: its releases have ended when they return.
    /// </summary>
    CounterReply TryAcquire(CounterKey key, in CounterRequest ask, long nowMs);

    /// <summary>Numbers for one call, or why not. A cancelled ask holds nothing.</summary>
    ValueTask<CounterReply> AcquireAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken);

    /// <summary>What an acquire would say, without taking anything.</summary>
    ValueTask<CounterReply> PeekAsync(
        CounterKey key, CounterRequest ask, long nowMs, CancellationToken cancellationToken);

    /// <summary>Gives back so much of a part; too late or twice is ignored.</summary>
    ValueTask ReleaseAsync(CounterPermit part, Amount amount, long nowMs, CancellationToken cancellationToken);
}
