using System.Globalization;
using Gateway.Limits;
using Gateway.Postgres.Batching;
using Gateway.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

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

    private readonly List<string> _keys = [];
    private readonly List<Guid> _expected = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _ends = [];
    private readonly List<decimal> _reserved = [];
    private readonly List<Guid> _nonces = [];
    private readonly List<byte[]?> _entries = [];
    private readonly DatabaseGuard _guard;
    private PreparedStatement? _statement;

    private UpdateSession(DatabaseGuard guard) => _guard = guard;

    public static async Task<IBatchSession<WriteRequest, ReservationWrite>> OpenAsync(
        NpgsqlConnection connection, string sql, DatabaseGuard guard, CancellationToken cancellationToken)
    {
        var session = new UpdateSession(guard);
        NpgsqlParameter[] parameters =
        [
            PreparedStatement.ListOf(session._keys, NpgsqlDbType.Text),
            PreparedStatement.ListOf(session._expected, NpgsqlDbType.Uuid),
            PreparedStatement.ListOf(session._starts, NpgsqlDbType.Bigint),
            PreparedStatement.ListOf(session._ends, NpgsqlDbType.Bigint),
            PreparedStatement.ListOf(session._reserved, NpgsqlDbType.Numeric),
            PreparedStatement.ListOf(session._nonces, NpgsqlDbType.Uuid),
            PreparedStatement.ListOf(session._entries, NpgsqlDbType.Bytea),
        ];
        session._statement = await PreparedStatement.PrepareAsync(connection, sql, parameters, cancellationToken)
            .ConfigureAwait(false);
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
        _keys.Clear();
        _expected.Clear();
        _starts.Clear();
        _ends.Clear();
        _reserved.Clear();
        _nonces.Clear();
        _entries.Clear();
        foreach (var pending in batch)
        {
            var row = pending.Request;
            _keys.Add(row.Key);
            _expected.Add(row.ExpectedNonce);
            _starts.Add(row.WindowStartMs);
            _ends.Add(row.WindowEndMs);
            _reserved.Add(row.Reserved);
            _nonces.Add(row.Nonce);
            _entries.Add(row.Entries);
        }
    }
}
