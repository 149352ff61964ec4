using Gateway.Storage.Postgres.Batching;
using Npgsql;

namespace Gateway.Storage.Postgres.Reservations;

/// <summary>
/// Ensures that changes that are visible on the primary have reached its synchronous replicas: a further write, later
/// in the log, is acknowledged by them.
/// </summary>
internal sealed class ConfirmSession(PreparedStatement statement) : IBatchSession<string, bool>
{
    public static async Task<IBatchSession<string, bool>> OpenAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        new ConfirmSession(
            await PreparedStatement.PrepareAsync(connection, sql, [], cancellationToken).ConfigureAwait(false));

    public async Task RunAsync(
        ArraySegment<Pending<string, bool>> batch, bool[] replies, CancellationToken cancellationToken)
    {
        await using (var reader = await statement.ExecuteAsync(cancellationToken).ConfigureAwait(false))
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);

        statement.RefuseWarned();
        Array.Fill(replies, true, 0, batch.Count);
    }

    public ValueTask DisposeAsync() => statement.DisposeAsync();
}
