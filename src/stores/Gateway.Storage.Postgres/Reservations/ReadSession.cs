using Gateway.Limits.Model;
using Gateway.Storage.Postgres.Batching;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>Reads many records in one round trip.</summary>
internal sealed class ReadSession(PreparedStatement statement, List<string> keys)
    : IBatchSession<string, ReservationRead>
{
    public static async Task<IBatchSession<string, ReservationRead>> OpenAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        NpgsqlParameter[] parameters = [PreparedStatement.ListOf(keys, NpgsqlDbType.Text)];
        return new ReadSession(
            await PreparedStatement.PrepareAsync(connection, sql, parameters, cancellationToken).ConfigureAwait(false),
            keys);
    }

    public async Task RunAsync(
        ArraySegment<Pending<string, ReservationRead>> batch,
        ReservationRead[] replies,
        CancellationToken cancellationToken)
    {
        keys.Clear();
        foreach (var pending in batch) keys.Add(pending.Request);

        await using (var reader = await statement.ExecuteAsync(cancellationToken).ConfigureAwait(false))
        {
            Array.Fill(replies, ReservationRead.Absent, 0, batch.Count);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                replies[reader.GetInt64(0) - 1] = StoredNumbers.TryReadRecord(reader, 1, out var record)
                    ? ReservationRead.Found(record)
                    : ReservationRead.Unavailable;
            }
        }
    }

    public ValueTask DisposeAsync() => statement.DisposeAsync();
}
