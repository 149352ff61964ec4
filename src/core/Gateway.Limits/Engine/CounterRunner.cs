using Gateway.Limits.Counting;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>
/// Sends the requests of one engine's counters to their store, and steps each counter with the reply. Each counter has
/// at most one request in progress, as it sends no other before the reply.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="metrics">Counts the requests to the store.</param>
/// <param name="time">Measures the time-out.</param>
/// <param name="timeout">
/// How long the store may take before the outcome counts as unknown; zero if the store has time-outs of its own.
/// </param>
public sealed class CounterRunner(
    IReservationStore store, StoreMetrics metrics, TimeProvider time, TimeSpan timeout)
{
    private int _running;
    private TaskCompletionSource? _idle;

    /// <summary>Number of counters that have a request at the store, or are about to send one.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Completes when no counter has a request at the store.</summary>
    public Task WhenIdleAsync()
    {
        var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var idle = Interlocked.CompareExchange(ref _idle, fresh, null) ?? fresh;
        if (Running == 0) EndWait();
        return idle.Task;
    }

    /// <summary>
    /// Sends a request to the store, steps the counter with the reply, and repeats while the counter has another
    /// request. Fails with any exception that the store throws against its contract.
    /// </summary>
    public Task RunAsync(ICounterHost host, ICounter counter, StoreRequest first)
    {
        Interlocked.Increment(ref _running);
        return GoOnAsync(host, counter, first);
    }

    /// <summary>
    /// Starts <see cref="RunAsync"/> on another thread, for a caller that holds the lock of the counter.
    /// </summary>
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
                    // Awaited directly, without a method of our own between, which would cost each write an object.
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

    // The next call that waits creates a new task.
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

/// <summary>A holder of counters and of the lock under which they are stepped.</summary>
public interface ICounterHost
{
    /// <summary>
    /// Steps the counter with the store's reply, and carries out its effects except the request to the store.
    /// </summary>
    /// <returns>The next request to the store; null if there is none.</returns>
    StoreRequest? Step(ICounter counter, in StoreReply reply);
}
