using System.Collections.Concurrent;
using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Batching;
using Gateway.Storage.Postgres.Health;
using Microsoft.Extensions.Logging;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>
/// Reservations in a table: any number of processes may share it and stay exact. A write counts once the database has
/// flushed it (<c>synchronous_commit = on</c>) and returned the row; in every other case its outcome is unknown.
/// </summary>
public sealed class PostgresReservationStore : IReservationStore, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly StatementBatcher<string, ReservationRead> _reads;
    private readonly StatementBatcher<WriteRequest, ReservationWrite> _updates;
    private readonly StatementBatcher<WriteRequest, ReservationWrite> _creates;
    private readonly StatementBatcher<string, bool> _confirms;
    private readonly ExpiryCleaner _expiryCleaner;
    private readonly ConcurrentDictionary<string, byte> _doubtful = new(StringComparer.Ordinal);

    /// <summary>Creates the store on this database. The caller closes the database, after the store.</summary>
    public PostgresReservationStore(PostgresDatabase database)
    {
        ArgumentNullException.ThrowIfNull(database);
        _database = database;
        var sql = new ReservationSql(database.Options.Schema);
        var guard = database.Connections.Guard;
        var connections = database.Connections;
        _reads = NewBatcher(database.Options.Readers, ReservationRead.Unavailable, async stop => await ReadSession
            .OpenAsync(await connections.OpenAsync(stop).ConfigureAwait(false), sql.Read, stop).ConfigureAwait(false));
        StatementBatcher<WriteRequest, ReservationWrite> Writes(int count, bool makes) =>
            NewBatcher(count, ReservationWrite.Unknown, async stop => await WriteSession
                .OpenAsync(await connections.OpenAsync(stop).ConfigureAwait(false), sql, makes, guard, stop)
                .ConfigureAwait(false), Doubt);
        (_updates, _creates) = (Writes(database.Options.Writers, makes: false), Writes(1, makes: true));
        _confirms = NewBatcher(1, false, async stop => await ConfirmSession
            .OpenAsync(await connections.OpenAsync(stop).ConfigureAwait(false), sql.Confirm, stop)
            .ConfigureAwait(false));
        _expiryCleaner = new ExpiryCleaner(database, sql.Sweep);
    }

    /// <inheritdoc/>
    public bool HasSoleOwner => false;

    /// <summary>Number of round trips that wrote; each contains the writes of many counters.</summary>
    public long WriteBatches => _updates.Batches + _creates.Batches;

    /// <summary>Number of records to write.</summary>
    public long Writes => _updates.Requests + _creates.Requests;

    /// <summary>Number of round trips that read.</summary>
    public long ReadBatches => _reads.Batches;

    /// <inheritdoc/>
    public async ValueTask<ReservationRead> ReadAsync(CounterKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var stored = StoredKey.Of(key);
        var read = await _reads.RunAsync(stored, cancellationToken).ConfigureAwait(false);
        if (!_doubtful.ContainsKey(stored) || read.Outcome == ReadOutcome.Unavailable) return read;
        if (!await _confirms.RunAsync(stored, cancellationToken).ConfigureAwait(false))
            return ReservationRead.Unavailable;

        _doubtful.TryRemove(stored, out _);
        return read;
    }

    /// <inheritdoc/>
    public ValueTask<ReservationWrite> WriteAsync(
        CounterKey key, UInt128 expectedNonce, Reservation next, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfEqual(next.Nonce, UInt128.Zero);
        var request = WriteRequest.From(key, expectedNonce, next);
        var batcher = expectedNonce == 0 ? _creates : _updates;
        return cancellationToken.CanBeCanceled
            ? WriteAsync(batcher, request, cancellationToken)
            : batcher.RunAsync(request, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _expiryCleaner.DisposeAsync().ConfigureAwait(false);
        await _updates.DisposeAsync().ConfigureAwait(false);
        await _creates.DisposeAsync().ConfigureAwait(false);
        await _confirms.DisposeAsync().ConfigureAwait(false);
        await _reads.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Writes a record; a caller that stops waiting does not know the outcome either.</summary>
    private async ValueTask<ReservationWrite> WriteAsync(
        StatementBatcher<WriteRequest, ReservationWrite> batcher, WriteRequest request,
        CancellationToken cancellationToken)
    {
        try
        {
            return await batcher.RunAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Doubt(request);
            throw;
        }
    }

    /// <summary>
    /// Marks a record as doubtful: a commit whose wait for a synchronous replica failed is visible here, and gone after
    /// a failover.
    /// </summary>
    private void Doubt(WriteRequest request)
    {
        if (_database.Connections.Guard.HasSynchronousReplicas) _doubtful[request.Key] = 0;
    }

    private StatementBatcher<TRequest, TReply> NewBatcher<TRequest, TReply>(
        int connections,
        TReply unknown,
        Func<CancellationToken, Task<IBatchSession<TRequest, TReply>>> connect,
        Action<TRequest>? doubt = null) =>
        new(_database.Options, _database.Health, connections, connect, unknown,
            _database.Loggers.CreateLogger<PostgresReservationStore>(), doubt);
}
