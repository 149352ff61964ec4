using Npgsql;

namespace Gateway.Storage.Postgres.Connections;

/// <summary>
/// The address of a database, from a URL in the form of <c>psql</c>:
/// <c>postgres://user:password@host:5432/database?sslmode=verify-full</c>. If it has no password, the driver uses
/// <c>PGPASSWORD</c> or <c>~/.pgpass</c>.
/// </summary>
public sealed class PostgresAddress
{
    private readonly NpgsqlConnectionStringBuilder _connection;

    private PostgresAddress(NpgsqlConnectionStringBuilder connection, string text)
    {
        _connection = connection;
        Text = text;
    }

    /// <summary>User, host, port and database, for logs and messages; never the password.</summary>
    public string Text { get; }

    /// <summary>Parses a URL.</summary>
    /// <exception cref="PostgresStoreException">The text is not such a URL; the message does not repeat it.</exception>
    public static PostgresAddress Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var connection = AddressReader.Read(url);
        return new PostgresAddress(connection, Describe(connection));
    }

    /// <summary>Parses a connection string in the driver's own form (<c>Host=…;Username=…</c>).</summary>
    /// <exception cref="PostgresStoreException">The driver cannot parse it; the message does not repeat it.</exception>
    public static PostgresAddress FromConnectionString(string connectionString)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(connectionString);
            return new PostgresAddress(connection, Describe(connection));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new PostgresStoreException("The connection string of the PostgreSQL store cannot be read.");
        }
    }

    /// <summary>True if the URL itself contains a password.</summary>
    public bool HasPassword => _connection.Password is { Length: > 0 };

    /// <summary>Returns <see cref="Text"/>.</summary>
    public override string ToString() => Text;

    /// <summary>Returns a copy, including the password, to complete with pool and timeout settings.</summary>
    public NpgsqlConnectionStringBuilder ToConnection() => new(_connection.ConnectionString);

    private static string Describe(NpgsqlConnectionStringBuilder connection)
    {
        var user = string.IsNullOrEmpty(connection.Username) ? "" : connection.Username + "@";
        return $"postgres://{user}{connection.Host}:{connection.Port}/{connection.Database}";
    }
}
