using System.Globalization;
using Gateway.Limits;
using Gateway.Postgres.Batching;
using Gateway.Postgres.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Postgres.Reservations;

/// <summary>Replaces many records in one round trip, each if it still carries its nonce.</summary>
internal sealed class UpdateSession : IBatchSession<WriteRequest, WriteOutcome>
{
    private readonly List<string> _keys = [];
    private readonly List<Guid> _expected = [];
    private readonly List<long> _starts = [];
    private readonly List<long> _ends = [];
    private readonly List<decimal> _reserved = [];
    private readonly List<Guid> _nonces = [];
    private readonly DatabaseGuard _guard;
    private PreparedStatement? _statement;

    private UpdateSession(DatabaseGuard guard) => _guard = guard;

    public static async Task<IBatchSession<WriteRequest, WriteOutcome>> OpenAsync(
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
        var nowMs = 0L;
        ulong transaction = 0;
        await using (var reader = await _statement!.ExecuteAsync(cancellationToken).ConfigureAwait(false))
        {
            Array.Fill(replies, WriteOutcome.Conflict, 0, batch.Count);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                nowMs = reader.GetInt64(1);
                if (reader.GetInt64(0) is > 0 and var number) replies[number - 1] = WriteOutcome.Ok;
                if (!reader.IsDBNull(2)) transaction = ulong.Parse(reader.GetString(2), CultureInfo.InvariantCulture);
            }
        }

        _statement.RefuseWarned();
        _guard.Acknowledge(transaction);
        for (var i = 0; i < batch.Count; i++)
            if (replies[i] == WriteOutcome.Conflict && batch[i].Request.IsAhead(nowMs))
                replies[i] = WriteOutcome.Unknown;
    }

    public ValueTask DisposeAsync() => _statement!.DisposeAsync();

    private void Fill(IReadOnlyList<Pending<WriteRequest, WriteOutcome>> batch)
    {
        _keys.Clear();
        _expected.Clear();
        _starts.Clear();
        _ends.Clear();
        _reserved.Clear();
        _nonces.Clear();
        foreach (var pending in batch)
        {
            var row = pending.Request;
            _keys.Add(row.Key);
            _expected.Add(row.ExpectedNonce);
            _starts.Add(row.WindowStartMs);
            _ends.Add(row.WindowEndMs);
            _reserved.Add(row.Reserved);
            _nonces.Add(row.Nonce);
        }
    }
}
