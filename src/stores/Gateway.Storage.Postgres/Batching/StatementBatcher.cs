using System.Collections.Concurrent;
using System.Threading.Channels;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Health;
using Microsoft.Extensions.Logging;

namespace Gateway.Storage.Postgres.Batching;

/// <summary>
/// Group commit: requests that arrive while every connection is busy share the next round trip. Each request is sent
/// once. If its batch fails in any way, its outcome is unknown and it is not repeated here.
/// </summary>
internal sealed partial class StatementBatcher<TRequest, TReply> : IAsyncDisposable
{
    private readonly PostgresOptions _options;
    private readonly DatabaseHealth _health;
    private readonly Func<CancellationToken, Task<IBatchSession<TRequest, TReply>>> _connect;
    private readonly TReply _unknown;
    private readonly ILogger _logger;
    private readonly Action<TRequest>? _doubt;
    private readonly Channel<Pending<TRequest, TReply>> _queue;
    private readonly ConcurrentQueue<Batch<TRequest, TReply>> _spare = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _workers;
    private long _batches;
    private long _requests;

    /// <summary>Starts the workers; each connects for its first batch.</summary>
    /// <param name="options">Bounds.</param>
    /// <param name="health">Receives lost connections; while a connection is lost, requests complete at once.</param>
    /// <param name="connections">Maximum number of batches under way.</param>
    /// <param name="connect">Opens a connection and prepares the statement.</param>
    /// <param name="unknown">The reply for an unknown outcome.</param>
    /// <param name="logger">Logs failures.</param>
    /// <param name="doubt">
    /// Receives each request with an unknown outcome before its caller gets the reply; null for nobody.
    /// </param>
    public StatementBatcher(
        PostgresOptions options,
        DatabaseHealth health,
        int connections,
        Func<CancellationToken, Task<IBatchSession<TRequest, TReply>>> connect,
        TReply unknown,
        ILogger logger,
        Action<TRequest>? doubt = null)
    {
        _options = options;
        _health = health;
        _connect = connect;
        _unknown = unknown;
        _logger = logger;
        _doubt = doubt;
        _queue = Channel.CreateBounded<Pending<TRequest, TReply>>(options.QueueMax);
        _workers = [.. Enumerable.Range(0, connections).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Number of round trips.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Number of requests sent.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Sends the request with the next batch. A caller that stops waiting does not cancel it.</summary>
    public ValueTask<TReply> RunAsync(TRequest request, CancellationToken cancellationToken)
    {
        if (!_health.LetsThrough) return ValueTask.FromResult(_unknown);
        var pending = new Pending<TRequest, TReply>(request);
        if (!_queue.Writer.TryWrite(pending)) return ValueTask.FromResult(_unknown);
        var reply = pending.Reply;
        return cancellationToken.CanBeCanceled ? new(reply.AsTask().WaitAsync(cancellationToken)) : reply;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_queue.Reader.TryRead(out var left)) left.End(_unknown);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        BatchConnection? connection = null;
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stop.Token).ConfigureAwait(false))
            {
                var batch = Collect();
                try
                {
                    if (batch.Requests.Count > 0)
                        connection = await RunBatchAsync(connection, batch).ConfigureAwait(false);
                }
                finally
                {
                    batch.Reply();
                }
            }
        }
        finally
        {
            if (connection is not null) await connection.Session.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Collects the waiting requests; there are none if another worker was faster.</summary>
    private Batch<TRequest, TReply> Collect()
    {
        if (!_spare.TryDequeue(out var batch))
            batch = new Batch<TRequest, TReply>(_options.BatchMax, _unknown, _doubt) { OnReplied = _spare.Enqueue };
        while (!batch.IsFull && _queue.Reader.TryRead(out var pending)) batch.Add(pending);
        return batch;
    }

    /// <summary>Runs a batch and returns the connection to use next; null if it is lost.</summary>
    private async Task<BatchConnection?> RunBatchAsync(BatchConnection? connection, Batch<TRequest, TReply> batch)
    {
        // Requests queued behind a batch that lost the database are not sent, so that they do not each wait for a
        // timeout.
        if (!_health.IsReachable) return connection;
        var count = batch.Requests.Count;
        var isConnected = false;
        try
        {
            connection = await ConnectAsync(connection).ConfigureAwait(false);
            isConnected = true;
            Interlocked.Increment(ref _batches);
            Interlocked.Add(ref _requests, count);
            await connection.Session.RunAsync(batch.Requests, batch.Replies, _stop.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception)
        {
            // A result may have been partly read: discard it, and treat every outcome as unknown.
            batch.Forget();
            if (_stop.IsCancellationRequested) return connection;
            var reason = DatabaseLoss.Describe(exception);
            if (isConnected) _health.Suspect();
            else _health.Lost(reason);
            LogBatchFailed(count, reason);
            return connection;
        }
    }

    /// <summary>Keeps the connection if none has broken since it was opened; otherwise opens a new one.</summary>
    private async Task<BatchConnection> ConnectAsync(BatchConnection? connection)
    {
        var epoch = _health.Epoch;
        if (connection?.Epoch == epoch) return connection;
        if (connection is not null) await connection.Session.DisposeAsync().ConfigureAwait(false);
        return new BatchConnection(await _connect(_stop.Token).ConfigureAwait(false), epoch);
    }

    private sealed record BatchConnection(IBatchSession<TRequest, TReply> Session, int Epoch);

    [LoggerMessage(LogLevel.Warning, "The outcome of a batch of {Count} requests is unknown: {Reason}")]
    private partial void LogBatchFailed(int count, string reason);
}
