using System.Globalization;
using Gateway.Limits;
using Gateway.Postgres.Batching;
using Gateway.Postgres.Connections;
using Npgsql;

namespace Gateway.Postgres.Reservations;

/// <summary>Replaces many records in one round trip, each if it still carries its nonce.</summary>
internal sealed class UpdateSession : IBatchSession<WriteRequest, ReservationWrite>
{
    // Columns of the answer.
    private const int Place = 0;
    private const int IsWritten = 1;
    private const int ClockMs = 2;
    private const int Transaction = 3;
    private const int SeenStartMs = 4;
    private const int SeenNonce = 6;

    private readonly WriteColumns _columns = new();
    private readonly DatabaseGuard _guard;
    private PreparedStatement? _statement;

    private UpdateSession(DatabaseGuard guard) => _guard = guard;

    public static async Task<IBatchSession<WriteRequest, ReservationWrite>> OpenAsync(
        NpgsqlConnection connection, string sql, DatabaseGuard guard, CancellationToken cancellationToken)
    {
        var session = new UpdateSession(guard);
        session._statement = await PreparedStatement
            .PrepareAsync(connection, sql, session._columns.ToUpdate(), cancellationToken).ConfigureAwait(false);
        return session;
    }

    public async Task RunAsync(
        IReadOnlyList<Pending<WriteRequest, ReservationWrite>> batch,
        ReservationWrite[] replies,
        CancellationToken cancellationToken)
    {
        Fill(batch);
        ulong transaction = 0;
        await using (var reader = await _statement!.ExecuteAsync(cancellationToken).ConfigureAwait(false))
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var place = reader.GetInt64(Place) - 1;
                replies[place] = Judge(reader, batch[(int)place].Request);
                if (!reader.IsDBNull(Transaction))
                    transaction = ulong.Parse(reader.GetString(Transaction), CultureInfo.InvariantCulture);
            }
        }

        _statement.RefuseWarned();
        _guard.Acknowledge(transaction);
    }

    public ValueTask DisposeAsync() => _statement!.DisposeAsync();

    private static ReservationWrite Judge(NpgsqlDataReader reader, WriteRequest request)
    {
        if (reader.GetBoolean(IsWritten)) return new ReservationWrite(WriteOutcome.Ok, null);
        if (request.IsAhead(reader.GetInt64(ClockMs))) return ReservationWrite.Unknown;
        if (reader.IsDBNull(SeenNonce)) return new ReservationWrite(WriteOutcome.Conflict, default(Reservation));

        // A record that cannot be read is not shown: the owner reads it, and then denies.
        return StoredNumbers.TryReadRecord(reader, SeenStartMs, out var seen)
            ? new ReservationWrite(WriteOutcome.Conflict, seen)
            : new ReservationWrite(WriteOutcome.Conflict, null);
    }

    private void Fill(IReadOnlyList<Pending<WriteRequest, ReservationWrite>> batch)
    {
        _columns.Clear();
        foreach (var pending in batch) _columns.Add(pending.Request);
    }
}
