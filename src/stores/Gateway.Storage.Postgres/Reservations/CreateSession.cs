using System.Globalization;
using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Batching;
using Gateway.Storage.Postgres.Connections;
using Npgsql;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>Writes first records in one round trip, each if there is none and its window is above the floor.</summary>
internal sealed class CreateSession : IBatchSession<WriteRequest, ReservationWrite>
{
    private readonly WriteColumns _columns = new();
    private readonly HashSet<(string Key, Guid Nonce)> _made = [];
    private readonly DatabaseGuard _guard;
    private PreparedStatement? _statement;

    private CreateSession(DatabaseGuard guard) => _guard = guard;

    public static async Task<IBatchSession<WriteRequest, ReservationWrite>> OpenAsync(
        NpgsqlConnection connection, string sql, DatabaseGuard guard, CancellationToken cancellationToken)
    {
        var session = new CreateSession(guard);
        session._statement = await PreparedStatement
            .PrepareAsync(connection, sql, session._columns.ToCreate(), cancellationToken).ConfigureAwait(false);
        return session;
    }

    public async Task RunAsync(
        ArraySegment<Pending<WriteRequest, ReservationWrite>> batch,
        ReservationWrite[] replies,
        CancellationToken cancellationToken)
    {
        Fill(batch);

        // Without the floor's row nothing is known and nothing was written: every window is then finished.
        var (floorMs, nowMs, transaction) = (long.MaxValue, 0L, 0UL);
        await using (var reader = await _statement!.ExecuteAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                nowMs = reader.GetInt64(3);
                if (reader.IsDBNull(0)) floorMs = reader.GetInt64(2);
                else _made.Add((reader.GetString(0), reader.GetGuid(1)));
                if (!reader.IsDBNull(4)) transaction = ulong.Parse(reader.GetString(4), CultureInfo.InvariantCulture);
            }
        }

        _statement.RefuseWarned();
        _guard.Acknowledge(transaction);
        for (var i = 0; i < batch.Count; i++)
            replies[i] = Judge(batch[i].Request, floorMs, nowMs);
    }

    public ValueTask DisposeAsync() => _statement!.DisposeAsync();

    private ReservationWrite Judge(WriteRequest request, long floorMs, long nowMs) =>
        _made.Contains((request.Key, request.Nonce)) ? ReservationWrite.Ok
        : request.WindowEndMs <= floorMs ? ReservationWrite.Finished
        : request.IsAhead(nowMs) ? ReservationWrite.Unknown
        : ReservationWrite.Conflict;

    private void Fill(ArraySegment<Pending<WriteRequest, ReservationWrite>> batch)
    {
        _columns.Clear();
        _made.Clear();
        foreach (var pending in batch) _columns.Add(pending.Request);
    }
}
