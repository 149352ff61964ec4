using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>
/// Takes what the counters of one engine want of their store there, and steps each with the reply. Of one counter at
/// most one request is under way, as it wants nothing more until that is answered.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="metrics">Counts what is asked of it.</param>
/// <param name="time">Measures its time-out.</param>
/// <param name="timeout">
/// How long it may take before its answer counts as unknown; zero where it has time-outs of its own.
/// </param>
public sealed class CounterRunner(
    IReservationStore store, StoreMetrics metrics, TimeProvider time, TimeSpan timeout)
{
    private int _running;
    private TaskCompletionSource? _idle;

    /// <summary>Counters that are asking the store, or are about to.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Ends when no counter asks the store.</summary>
    public Task WhenIdleAsync()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var idle = Interlocked.CompareExchange(ref _idle, fresh, null) ?? fresh;
        if (Running == 0) EndWait();
        return idle.Task;
    }

    /// <summary>
    /// Asks the store, steps the counter with the answer, and goes on while that makes it ask again. It fails with
    /// whatever the store throws against its contract.
    /// </summary>
    public Task RunAsync(ICounterHost host, ICounter counter, StoreRequest first)
    {
        Interlocked.Increment(ref _running);
        return GoOnAsync(host, counter, first);
    }

    /// <summary>The same, begun by another thread: for whoever holds the lock of the counter.</summary>
    public void Enqueue(ICounterHost host, ICounter counter, StoreRequest first)
    {
        Interlocked.Increment(ref _running);
        ThreadPool.QueueUserWorkItem(
            static ask => _ = ask.Runner.GoOnAsync(ask.Host, ask.Counter, ask.First),
            (Runner: this, Host: host, Counter: counter, First: first), preferLocal: false);
    }

    private async Task GoOnAsync(ICounterHost host, ICounter counter, StoreRequest first)
    {
        try
        {
            for (StoreRequest? next = first; next is { } request;)
            {
                var askedAt = metrics.Start();
                StoreReply reply;
                if (timeout != TimeSpan.Zero)
                    reply = await AskInTimeAsync(counter.Key, request).ConfigureAwait(false);
                else if (request.Write is { } record)
                    // Waited for with nothing of one's own between, which would cost each write an object.
                    reply = new StoreReply(request.Token, default, await store.WriteAsync(
                        counter.Key, request.ExpectedNonce, record, CancellationToken.None).ConfigureAwait(false));
                else
                    reply = new StoreReply(
                        request.Token,
                        await store.ReadAsync(counter.Key, CancellationToken.None).ConfigureAwait(false));

                if (reply.Write is { } write) metrics.Count(write.Outcome, askedAt);
                else metrics.Count(reply.Read.Outcome, askedAt);
                next = host.Step(counter, reply);
            }
        }
        finally
        {
            if (Interlocked.Decrement(ref _running) == 0 && Volatile.Read(ref _idle) is not null) EndWait();
        }
    }

    // Who waits next waits anew.
    private void EndWait() => Interlocked.Exchange(ref _idle, null)?.TrySetResult();

    private async Task<StoreReply> AskInTimeAsync(CounterKey key, StoreRequest request)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        try
        {
            return request.Write is { } record
                ? new StoreReply(request.Token, default, await store.WriteAsync(
                    key, request.ExpectedNonce, record, patience.Token).ConfigureAwait(false))
                : new StoreReply(request.Token, await store.ReadAsync(key, patience.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            return StoreReply.Lost(request);
        }
    }
}
