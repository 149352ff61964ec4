using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Storage.Postgres.Connections;
using Gateway.Storage.Postgres.Health;
using Npgsql;

namespace Gateway.Storage.Postgres.AuditRecords;

/// <summary>
/// The table of audit records, shared by all gateways, with a partition for each day. A record is stored once however
/// often it is sent: its day, its writer and its place in the writer's log form the key.
/// </summary>
/// <remarks>
/// <c>gateway_audit.records</c>. Later versions add columns with <c>ADD COLUMN IF NOT EXISTS</c>, so that this version
/// keeps working beside them.
/// </remarks>
internal sealed class AuditTable : IAsyncDisposable
{
    /// <summary>Separate schema, so that a role that may read records needs no access to the store.</summary>
    public const string Schema = "gateway_audit";

    /// <summary>The qualified name of the table.</summary>
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

    /// <param name="address">Address of the database.</param>
    /// <param name="passwordFile">File of the password, read at each connection; null for none.</param>
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

    /// <summary>Address of the database, without a password.</summary>
    public PostgresAddress Address { get; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="IOException">The database cannot be reached; the message gives the reason.</exception>
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

    /// <summary>Returns an exception for a failure of the driver, without a password.</summary>
    public IOException Failure(Exception e) => e is PostgresException { SqlState: MayNotCreate } refused
        ? new IOException(
            $"{Address} refuses: {refused.MessageText}. Create the schema for its user once: "
            + $"CREATE SCHEMA {Schema} AUTHORIZATION <user>;", e)
        : new IOException(DatabaseLoss.Describe(Address, e), e);

    /// <summary>Encodes the string members of a record as the JSON object that the table stores.</summary>
    public static string Members(IEnumerable<(string Name, string? Text)> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, text) in members)
            {
                // PostgreSQL cannot store the character U+0000.
                if (text is not null)
                    json.WriteString(name, text.Replace('\0', '\uFFFD'));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Creates the table if it is missing, and the partitions of these days.</summary>
    public async Task PrepareAsync(
        NpgsqlConnection connection, IEnumerable<DateOnly> days, CancellationToken cancellationToken)
    {
        var missing = days.Except(_days).ToList();
        if (missing.Count == 0)
            return;
        // Many gateways begin a day at the same time, and "if not exists" does not protect against concurrent creation.
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

    /// <summary>Forgets which partitions exist: a table or a partition may have been dropped.</summary>
    public void Forget() => _days.Clear();

    /// <summary>
    /// Drops the partitions of days that ended this long ago by the database's clock; returns their number.
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
                // Partitions that an administrator attached are not ours to drop.
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
