using Gateway.Control.Storage;
using Npgsql;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// The mark of a migration. Its table is created by the first migration, so a database without one needs no further
/// privileges and keeps its schema version.
/// </summary>
internal static class MigrationTable
{
    private static readonly string[] Fenced =
        ["control_revision", "control_documents", "control_archive", "reservations"];

    /// <summary>Reads the mark; null if there is none.</summary>
    public static async Task<MigrationMark?> ReadAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (!await SchemaUpgrade.HasAsync(connection, schema, "migration", cancellationToken).ConfigureAwait(false))
            return null;
        await using var read = new NpgsqlCommand($"SELECT id, state, other, at FROM {schema}.migration", connection);
        await using var row = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            return null;
        // A state from a newer release: the safe interpretation is that this store must not be used.
        var state = Enum.TryParse<MigrationState>(row.GetString(1), out var known) ? known : MigrationState.MovedAway;
        return new MigrationMark(
            row.GetGuid(0), state, row.GetString(2), row.GetFieldValue<DateTimeOffset>(3));
    }

    /// <summary>Writes the mark in the open transaction; null removes it.</summary>
    public static async Task WriteAsync(
        NpgsqlConnection connection, string schema, MigrationMark? mark, CancellationToken cancellationToken)
    {
        var isFenced = mark?.State is MigrationState.MovedAway or MigrationState.Incoming;
        // A trigger also stops running gateways and older releases. Creating it waits for the writes under way.
        var fence = string.Concat(Fenced.Select(table =>
            $"DROP TRIGGER IF EXISTS migration_fence ON {schema}.{table}; "
            + (isFenced ? $"CREATE TRIGGER migration_fence BEFORE INSERT OR UPDATE OR DELETE ON {schema}.{table} "
                + $"FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_migrating(); " : "")));
        await ExecuteAsync($"""
            SET LOCAL lock_timeout = '10s';
            CREATE TABLE IF NOT EXISTS {schema}.migration (
                only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), id uuid NOT NULL, state text NOT NULL,
                other text NOT NULL, at timestamptz NOT NULL);
            CREATE OR REPLACE FUNCTION {schema}.refuse_migrating() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'gateway migrate has closed this store: its content is in another one.';
            END $$;
            {fence}
            DELETE FROM {schema}.migration
            """).ConfigureAwait(false);
        if (mark is null)
            return;
        await ExecuteAsync(
            $"INSERT INTO {schema}.migration (id, state, other, at) VALUES ($1, $2, $3, $4)",
            new NpgsqlParameter<Guid> { TypedValue = mark.Id },
            new NpgsqlParameter<string> { TypedValue = mark.State.ToString() },
            new NpgsqlParameter<string> { TypedValue = mark.Other },
            new NpgsqlParameter<DateTimeOffset> { TypedValue = mark.Time.ToUniversalTime() }).ConfigureAwait(false);

        async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddRange(parameters);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Allows the start of a gateway, and records the first one after a migration.</summary>
    /// <exception cref="PostgresStoreException">The content has moved away, or has not arrived yet.</exception>
    public static async Task RequireUsableAsync(
        ConnectionFactory connections, string schema, string place, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenForUpgradeAsync(cancellationToken).ConfigureAwait(false);
        var mark = await ReadAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        if (mark is { State: MigrationState.Arrived })
        {
            await using var start = new NpgsqlCommand(
                $"UPDATE {schema}.migration SET state = '{MigrationState.Started}' "
                + $"WHERE state = '{MigrationState.Arrived}'", connection);
            await start.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            // "gateway migrate --undo" may have been faster.
            mark = await ReadAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        }

        if (mark?.Refusal(place) is not { } refusal)
            return;
        // The start waits for a store that is still being filled, as for one that cannot be reached.
        throw mark.State == MigrationState.Incoming
            ? new PostgresStoreException(refusal, new TimeoutException(refusal))
            : new PostgresStoreException(refusal);
    }
}
