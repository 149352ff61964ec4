using System.Collections.Immutable;
using Gateway.Control.Documents;
using Npgsql;

namespace Gateway.Storage.Postgres.Documents;

/// <summary>The archive in its own table, over the connection of the control store.</summary>
internal sealed class PostgresArchive(ControlConnection connection, ControlSql sql) : IArchive
{
    public ValueTask KeepAsync(
        string topic, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken) =>
        WriteAsync(sql.Keep, sql.DropOld, topic, number, content, most, cancellationToken);

    public ValueTask PutAsync(
        string topic, long number, ReadOnlyMemory<byte> content, long least, CancellationToken cancellationToken) =>
        WriteAsync(sql.Put, sql.DropLess, topic, number, content, least, cancellationToken);

    private async ValueTask WriteAsync(
        string write, string drop, string topic, long number, ReadOnlyMemory<byte> content, long bound,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, ControlDocument.BytesMax, nameof(content));
        await connection.RunAsync(
            async (open, stop) =>
            {
                await using var batch = new NpgsqlBatch(open)
                {
                    BatchCommands =
                    {
                        new NpgsqlBatchCommand(write)
                        {
                            Parameters = { Topic(topic), Number(number), new() { Value = content.ToArray() } },
                        },
                        new NpgsqlBatchCommand(drop) { Parameters = { Topic(topic), Number(bound) } },
                    },
                };
                return await batch.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string topic, CancellationToken cancellationToken) =>
        connection.RunAsync(
            async (open, stop) =>
            {
                await using var command = new NpgsqlCommand(sql.ListKept, open) { Parameters = { Topic(topic) } };
                await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
                var entries = ImmutableArray.CreateBuilder<ArchiveEntry>();
                while (await reader.ReadAsync(stop).ConfigureAwait(false))
                    entries.Add(new ArchiveEntry(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2)));
                return entries.DrainToImmutable();
            },
            cancellationToken);

    public ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        string topic, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        connection.RunAsync<IReadOnlyDictionary<long, byte[]>>(
            async (open, stop) =>
            {
                await using var command = new NpgsqlCommand(sql.ReadKept, open)
                {
                    Parameters = { Topic(topic), new NpgsqlParameter<long[]> { TypedValue = [.. numbers] } },
                };
                await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
                var found = new Dictionary<long, byte[]>();
                while (await reader.ReadAsync(stop).ConfigureAwait(false))
                    found[reader.GetInt64(0)] = reader.GetFieldValue<byte[]>(1);
                return found;
            },
            cancellationToken);

    private static NpgsqlParameter<string> Topic(string topic) => new() { TypedValue = topic };

    private static NpgsqlParameter<long> Number(long number) => new() { TypedValue = number };
}
