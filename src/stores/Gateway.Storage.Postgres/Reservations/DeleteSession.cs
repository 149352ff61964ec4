using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Batching;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>Deletes many records in one round trip, each if it still carries its nonce; floor first.</summary>
internal sealed class DeleteSession : IBatchSession<DeleteRequest, WriteOutcome>
{
    private readonly List<string> _keys = [];
    private readonly List<Guid> _expected = [];
    private readonly List<long> _floors = [];
    private readonly HashSet<(string Key, Guid Nonce)> _gone = [];
    private PreparedStatement? _statement;

    private DeleteSession()
    {
    }

    public static async Task<IBatchSession<DeleteRequest, WriteOutcome>> OpenAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var session = new DeleteSession();
        NpgsqlParameter[] parameters =
        [
            PreparedStatement.ListOf(session._keys, NpgsqlDbType.Text),
            PreparedStatement.ListOf(session._expected, NpgsqlDbType.Uuid),
            PreparedStatement.ListOf(session._floors, NpgsqlDbType.Bigint),
        ];
        session._statement = await PreparedStatement.PrepareAsync(connection, sql, parameters, cancellationToken)
            .ConfigureAwait(false);
        return session;
    }

    public async Task RunAsync(
        ArraySegment<Pending<DeleteRequest, WriteOutcome>> batch,
        WriteOutcome[] replies,
        CancellationToken cancellationToken)
    {
        _keys.Clear();
        _expected.Clear();
        _floors.Clear();
        _gone.Clear();
        foreach (var pending in batch)
        {
            _keys.Add(pending.Request.Key);
            _expected.Add(pending.Request.ExpectedNonce);
            _floors.Add(pending.Request.FloorMs);
        }

        await using (var reader = await _statement!.ExecuteAsync(cancellationToken).ConfigureAwait(false))
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                _gone.Add((reader.GetString(0), reader.GetGuid(1)));

        _statement.RefuseWarned();
        for (var i = 0; i < batch.Count; i++)
            replies[i] = _gone.Contains((_keys[i], _expected[i])) ? WriteOutcome.Ok : WriteOutcome.Conflict;
    }

    public ValueTask DisposeAsync() => _statement!.DisposeAsync();
}
