using System.Globalization;
using Gateway.Limits;
using Gateway.Postgres.Batching;
using Gateway.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Postgres.Reservations;

/// <summary>Writes first records in one round trip, each if there is none and its window is above the floor.</summary>
internal sealed class CreateSession : IBatchSession<WriteRequest, WriteOutcome>
{
    private readonly List<string> _keys = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _ends = [];
    private readonly List<decimal> _reserved = [];
    private readonly List<Guid> _nonces = [];
    private readonly List<byte[]?> _entries = [];
    private readonly HashSet<(string Key, Guid Nonce)> _made = [];
    private readonly DatabaseGuard _guard;
    private PreparedStatement? _statement;

    private CreateSession(DatabaseGuard guard) => _guard = guard;

    public static async Task<IBatchSession<WriteRequest, WriteOutcome>> OpenAsync(
        NpgsqlConnection connection, string sql, DatabaseGuard guard, CancellationToken cancellationToken)
    {
        var session = new CreateSession(guard);
        NpgsqlParameter[] parameters =
        [
            PreparedStatement.ListOf(session._keys, NpgsqlDbType.Text),
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
        IReadOnlyList<Pending<WriteRequest, WriteOutcome>> batch,
        WriteOutcome[] replies,
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
        for (var i = 0; i < batch.Count; i++) replies[i] = Judge(batch[i].Request, floorMs, nowMs);
    }

    public ValueTask DisposeAsync() => _statement!.DisposeAsync();

    private WriteOutcome Judge(WriteRequest request, long floorMs, long nowMs) =>
        _made.Contains((request.Key, request.Nonce)) ? WriteOutcome.Ok
        : request.WindowEndMs <= floorMs ? WriteOutcome.Finished
        : request.IsAhead(nowMs) ? WriteOutcome.Unknown
        : WriteOutcome.Conflict;

    private void Fill(IReadOnlyList<Pending<WriteRequest, WriteOutcome>> batch)
    {
        _keys.Clear();
        _starts.Clear();
        _ends.Clear();
        _reserved.Clear();
        _nonces.Clear();
        _entries.Clear();
        _made.Clear();
        foreach (var pending in batch)
        {
            var row = pending.Request;
            _keys.Add(row.Key);
            _starts.Add(row.WindowStartMs);
            _ends.Add(row.WindowEndMs);
            _reserved.Add(row.Reserved);
            _nonces.Add(row.Nonce);
            _entries.Add(row.Entries);
        }
    }
}
