using Gateway.Limits.Model;
using Npgsql;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// Creates the tables and upgrades older ones, in one transaction and under an advisory lock, so that any number of
/// processes may start at the same time.
/// </summary>
internal static class SchemaUpgrade
{
    /// <summary>Arbitrary but fixed lock id: the first bytes of SHA-256("gateway schema").</summary>
    private const long LockId = 0x2f60_11a5_7c9d_4e83;

    private const string MayNotCreate = "42501";

    /// <summary>Upgrades the schema to this program's version.</summary>
    /// <exception cref="PostgresStoreException">
    /// The schema is newer than this program, or may not be created.
    /// </exception>
    public static async Task RunAsync(ConnectionFactory connections, string schema, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenForUpgradeAsync(cancellationToken).ConfigureAwait(false);
        var version = await ReadVersionAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        RefuseNewer(version);
        try
        {
            if (version < SchemaSql.Steps.Count
                || !await HasAsync(connection, schema, "control_archive", cancellationToken).ConfigureAwait(false)
                || !await HasClosingAsync(connection, schema, cancellationToken).ConfigureAwait(false))
            {
                await UpgradeAsync(connection, schema, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == MayNotCreate)
        {
            throw new PostgresStoreException(
                $"The database user may not create the schema \"{schema}\" ({exception.MessageText}). "
                + $"Create it once for that user: CREATE SCHEMA {schema} AUTHORIZATION <user>;",
                exception);
        }
    }

    /// <summary>Returns the schema's version; 0 if there is no schema.</summary>
    public static async Task<int> ReadVersionAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (!await HasAsync(connection, schema, "schema_version", cancellationToken).ConfigureAwait(false)) return 0;
        await using var read = new NpgsqlCommand($"SELECT version FROM {schema}.schema_version", connection);
        var version = await read.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as int? ?? 0;
        return version % SchemaSql.RestoredMark;
    }

    /// <summary>Returns true if the schema has this table.</summary>
    public static async Task<bool> HasAsync(
        NpgsqlConnection connection, string schema, string table, CancellationToken cancellationToken)
    {
        // Not to_regclass: its cache is not refreshed by a wait for the advisory lock.
        await using var find = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = '{schema}' AND tablename = '{table}')",
            connection);
        return await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }

    private static async Task<bool> HasClosingAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '{schema}.reservation_floor'::regclass "
            + "AND attname = 'closed_before_ms')",
            connection);
        return await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is true;
    }

    /// <summary>
    /// Closes the open windows at the first start after a restore. It writes only then, so that a normal start needs no
    /// further privileges.
    /// </summary>
    public static async Task ReopenAsync(
        ConnectionFactory connections, string schema, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenForUpgradeAsync(cancellationToken).ConfigureAwait(false);
        await using var find = new NpgsqlCommand(
            $"SELECT closed_before_ms = {SchemaSql.ClosedUntilStart} FROM {schema}.reservation_floor", connection);
        if (await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true) return;
        await using var reopen = new NpgsqlCommand(
            SchemaSql.Reopen.Replace("{0}", schema, StringComparison.Ordinal), connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = 2 * ClockBounds.EpsilonMs } },
        };
        await reopen.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="PostgresStoreException">The schema is newer than this program.</exception>
    public static void RefuseNewer(int version)
    {
        if (version <= SchemaSql.Steps.Count) return;
        throw new PostgresStoreException(
            $"The database has version {version} of the gateway's schema and this program knows "
            + $"{SchemaSql.Steps.Count}: a newer gateway upgraded the database. Run that version.");
    }

    private static async Task UpgradeAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync($"SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '60s'; "
            + $"SELECT pg_advisory_xact_lock({LockId})").ConfigureAwait(false);

        // Read again, because another process may have upgraded while this one waited for the lock.
        var version = await ReadVersionAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        RefuseNewer(version);
        if (version == 0)
            await ExecuteAsync(
                $"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.schema_version ("
                + "only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), version integer NOT NULL); "
                + $"INSERT INTO {schema}.schema_version (version) VALUES (0)").ConfigureAwait(false);

        foreach (var step in SchemaSql.Steps.Skip(version))
            await ExecuteAsync(step.Replace("{0}", schema, StringComparison.Ordinal)).ConfigureAwait(false);

        await ExecuteAsync(SchemaSql.Archive.Replace("{0}", schema, StringComparison.Ordinal)).ConfigureAwait(false);
        await ExecuteAsync(SchemaSql.Closing.Replace("{0}", schema, StringComparison.Ordinal)).ConfigureAwait(false);
        await ExecuteAsync(
            $"UPDATE {schema}.schema_version "
            + $"SET version = version - version % {SchemaSql.RestoredMark} + {SchemaSql.Steps.Count}")
            .ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
