using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Health;
using Npgsql;

namespace Gateway.Storage.Postgres.AuditRecords;

/// <summary>
/// The table of audit records, one for all gateways, with a partition for each day. A record stands in it once,
/// however often it is brought: its day, its writer and its place in the writer's log are its key.
/// </summary>
/// <remarks>
/// <c>gateway_audit.records</c>: what a later version adds, it adds by <c>ADD COLUMN IF NOT EXISTS</c>, so that this
/// one goes on beside it.
/// </remarks>
internal sealed class AuditTable : IAsyncDisposable
{
    /// <summary>The schema of its own, so that a role that may read records needs nothing of the store.</summary>
    public const string Schema = "gateway_audit";

    /// <summary>The table.</summary>
    public const string Name = Schema + ".records";

    private const int ConnectionsMax = 4;
    private const long LockId = 0x1b7c_93d2_0e5a_4f61;
    private const string MayNotCreate = "42501";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    private const string Make = $"""
        -- Not "if not exists": it asks for leave to make schemas even where there is nothing to make.
        DO $$ BEGIN
            IF to_regnamespace('{Schema}') IS NULL THEN CREATE SCHEMA {Schema}; END IF;
        END $$;
        CREATE TABLE IF NOT EXISTS {Name} (
            day date NOT NULL,
            at timestamptz NOT NULL,
            writer text COLLATE "C" NOT NULL,
            file integer NOT NULL,
            place bigint NOT NULL,
            members jsonb NOT NULL,
            record text NOT NULL,
            PRIMARY KEY (day, writer, file, place)
        ) PARTITION BY RANGE (day);
        CREATE INDEX IF NOT EXISTS records_at ON {Name} (at, writer, file, place);
        CREATE INDEX IF NOT EXISTS records_members ON {Name} USING gin (members jsonb_path_ops);
        """;

    private readonly NpgsqlDataSource _source;
    private readonly HashSet<DateOnly> _days = [];

    /// <param name="address">Where the database is.</param>
    /// <param name="passwordFile">The file of its password, read at each connection; null for none.</param>
    public AuditTable(PostgresAddress address, string? passwordFile)
    {
        Address = address;
        var connection = address.ToConnection();
        connection.MaxPoolSize = ConnectionsMax;
        connection.ConnectionIdleLifetime = 60;
        connection.Enlist = false;
        connection.PersistSecurityInfo = false;
        connection.IncludeErrorDetail = false;
        connection.Timeout = (int)ConnectTimeout.TotalSeconds;
        connection.CommandTimeout = (int)CommandTimeout.TotalSeconds;
        connection.CancellationTimeout = -1;
        connection.ApplicationName ??= "gateway-audit";
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        if (passwordFile is not null)
        {
            builder.UsePasswordProvider(
                _ => File.ReadAllText(passwordFile).Trim(),
                async (_, stop) => (await File.ReadAllTextAsync(passwordFile, stop)).Trim());
        }

        _source = builder.Build();
    }

    /// <summary>Where it is, without a password.</summary>
    public PostgresAddress Address { get; }

    /// <summary>A connection.</summary>
    /// <exception cref="IOException">There is none; the message says why.</exception>
    public async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw Failure(e);
        }
    }

    /// <summary>What a failure of the driver says, without a password.</summary>
    public IOException Failure(Exception e) => e is PostgresException { SqlState: MayNotCreate } refused
        ? new IOException(
            $"{Address} refuses: {refused.MessageText}. Let its user make the schema once: "
            + $"CREATE SCHEMA {Schema} AUTHORIZATION <user>;", e)
        : new IOException(DatabaseLoss.Describe(Address, e), e);

    /// <summary>Members of a record, those that have a text, as the JSON object that the table holds.</summary>
    public static string Members(IEnumerable<(string Name, string? Text)> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, text) in members)
            {
                // The database knows no character of the number 0.
                if (text is not null)
                    json.WriteString(name, text.Replace('\0', '\uFFFD'));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Makes the table where there is none, and the partitions of these days.</summary>
    public async Task PrepareAsync(
        NpgsqlConnection connection, IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        var missing = days.Except(_days).ToList();
        if (missing.Count == 0)
            return;
        // Many gateways begin a day at once, and "if not exists" does not help who makes what another one is making.
        var sql = $"SELECT pg_advisory_xact_lock({LockId}); {Make}" + string.Concat(missing.Select(static day => $"""

            CREATE TABLE IF NOT EXISTS {Name}_{Text(day, "yyyyMMdd")} PARTITION OF {Name}
                FOR VALUES FROM ('{Text(day, "yyyy-MM-dd")}') TO ('{Text(day.AddDays(1), "yyyy-MM-dd")}');
            """));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        _days.UnionWith(missing);
    }

    /// <summary>
    /// Takes nothing of what was made for granted any more: a table or a partition may have been dropped.
    /// </summary>
    public void Forget() => _days.Clear();

    /// <summary>
    /// Drops the partitions of days that ended so long ago, by the database's clock; returns how many.
    /// </summary>
    public async Task<int> DropAsync(
        NpgsqlConnection connection, TimeSpan age, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        await using (var find = new NpgsqlCommand(
            "SELECT c.relname, (now() AT TIME ZONE 'UTC' - $1)::date FROM pg_inherits i JOIN pg_class c "
            + "ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($2)",
            connection)
        {
            Parameters = { new() { Value = age }, new() { Value = Name } },
        })
        {
            await using var reader = await find.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var name = reader.GetString(0);
                // Whatever an administrator attached besides is not ours to drop.
                if (name.StartsWith("records_", StringComparison.Ordinal)
                    && DateOnly.TryParseExact(
                        name["records_".Length..], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                        out var day)
                    && day < reader.GetFieldValue<DateOnly>(1))
                {
                    old.Add(name);
                }
            }
        }

        foreach (var name in old)
        {
            await using var drop = new NpgsqlCommand(
                $"SET lock_timeout = '2s'; DROP TABLE IF EXISTS {Schema}.{name}; RESET lock_timeout", connection);
            await drop.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        if (old.Count > 0)
            Forget();
        return old.Count;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static string Text(DateOnly day, string form) => day.ToString(form, CultureInfo.InvariantCulture);
}
