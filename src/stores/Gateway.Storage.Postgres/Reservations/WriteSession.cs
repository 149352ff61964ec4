using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Batching;
using Gateway.Storage.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>
/// Creates many records in one round trip, each if it does not exist and its window is above the floor, or replaces
/// them, each if it still has the expected nonce. Only after a conflict a second statement reads the conflicting
/// record; being separate, it sees the state after any wait for the row's lock.
/// </summary>
internal sealed class WriteSession : IBatchSession<WriteRequest, ReservationWrite>
{
    // Columns of the result.
    private const int Written = 0;
    private const int ClockMs = 1;
    private const int Transaction = 2;
    private const int FloorMs = 3;
    private const int ClosedBeforeMs = 4;

    private static readonly ReservationWrite MetNone = ReservationWrite.ConflictWith(default);

    private readonly WriteColumns _columns = new();
    private readonly List<string> _missed = [];
    private readonly List<int> _missedPlaces = [];
    private readonly DatabaseGuard _guard;
    private PreparedStatement? _write;
    private PreparedStatement? _look;

    private WriteSession(DatabaseGuard guard) => _guard = guard;

    public static async Task<IBatchSession<WriteRequest, ReservationWrite>> OpenAsync(
        NpgsqlConnection connection, ReservationSql sql, bool makes, DatabaseGuard guard,
        CancellationToken cancellationToken)
    {
        var session = new WriteSession(guard);
        session._write = await PreparedStatement
            .PrepareAsync(connection, makes ? sql.Create : sql.Update, session._columns.ToParameters(makes),
                cancellationToken)
            .ConfigureAwait(false);
        NpgsqlParameter[] missed = [PreparedStatement.ListOf(session._missed, NpgsqlDbType.Text)];
        session._look = await PreparedStatement.PrepareAsync(connection, sql.Read, missed, cancellationToken)
            .ConfigureAwait(false);
        return session;
    }

    public async Task RunAsync(
        ArraySegment<Pending<WriteRequest, ReservationWrite>> batch,
        ReservationWrite[] replies,
        CancellationToken cancellationToken)
    {
        _columns.FillInOrder(batch);
        var (nowMs, transaction, floorMs, closedMs) = (0L, 0UL, long.MaxValue, long.MaxValue);
        await using (var reader = await _write!.ExecuteAsync(cancellationToken).ConfigureAwait(false))
        {
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            nowMs = reader.GetInt64(ClockMs);
            foreach (var place in reader.IsDBNull(Written) ? [] : reader.GetFieldValue<int[]>(Written))
                replies[_columns.PlaceOf(place - 1)] = ReservationWrite.Ok;
            if (!reader.IsDBNull(Transaction)) transaction = reader.GetFieldValue<ulong>(Transaction);
            // Without the floor's row nothing is known and nothing was created: every window then counts as finished.
            if (!reader.IsDBNull(FloorMs))
                (floorMs, closedMs) = (reader.GetInt64(FloorMs), reader.GetInt64(ClosedBeforeMs));

            // The end of the result, and any warning before it.
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }

        _write.RefuseWarned();
        _guard.Acknowledge(transaction);
        if (HasMissed(batch, replies, nowMs, floorMs, closedMs))
            await LookAsync(replies, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_look is not null) await _look.DisposeAsync().ConfigureAwait(false);
        await _write!.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Notes the requests that were certainly not written; the conflicting records are read afterwards.
    /// </summary>
    private bool HasMissed(
        ArraySegment<Pending<WriteRequest, ReservationWrite>> batch, ReservationWrite[] replies, long nowMs,
        long floorMs, long closedMs)
    {
        _missed.Clear();
        _missedPlaces.Clear();
        var finished = closedMs is long.MinValue or long.MaxValue
            ? ReservationWrite.Finished
            : ReservationWrite.FinishedBefore(closedMs);
        for (var i = 0; i < batch.Count; i++)
        {
            var request = batch[i].Request;
            var isFinished = request.WindowEndMs <= floorMs || request.FirstMs < closedMs;
            if (replies[i] == ReservationWrite.Ok || (!isFinished && request.IsAhead(nowMs))) continue;
            replies[i] = isFinished ? finished : MetNone;
            if (isFinished) continue;
            _missed.Add(request.Key);
            _missedPlaces.Add(i);
        }

        return _missed.Count > 0;
    }

    private async Task LookAsync(ReservationWrite[] replies, CancellationToken cancellationToken)
    {
        await using var reader = await _look!.ExecuteAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // An unreadable record is not reported: the owner reads it, and then denies.
            var isReadable = StoredNumbers.TryReadRecord(reader, 1, out var seen);
            replies[_missedPlaces[(int)reader.GetInt64(0) - 1]] =
                isReadable ? ReservationWrite.ConflictWith(seen) : ReservationWrite.Conflict;
        }
    }
}
