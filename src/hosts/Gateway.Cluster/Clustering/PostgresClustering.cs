using Gateway.Storage.Postgres.Connections;
using Npgsql;

namespace Gateway.Cluster.Clustering;

/// <summary>The membership table in the store's database.</summary>
internal sealed class PostgresClustering
{
    /// <summary>Arbitrary id of an advisory lock that nothing else in the database uses.</summary>
    private const long SetUpLock = 0x67617465_77617901;

    private readonly string _connectionString;

    public PostgresClustering(PostgresAddress address)
    {
        var connection = address.ToConnection();
        connection.SearchPath = MembershipSql.Schema;
        connection.ApplicationName = "gateway-cluster";
        connection.Timeout = 2;
        connection.CommandTimeout = 2;
        _connectionString = connection.ConnectionString;
    }

    /// <summary>Creates the tables and stores the queries; many processes may do so at the same time.</summary>
    /// <exception cref="NpgsqlException">
    /// The database cannot be reached, or this user may not create tables.
    /// </exception>
    public async Task SetUpAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(_connectionString);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var alone = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection))
        {
            alone.Parameters.Add(new NpgsqlParameter { Value = SetUpLock });
            await alone.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var tables = new NpgsqlCommand(MembershipSql.Tables, connection))
            await tables.ExecuteNonQueryAsync(cancellationToken);
        foreach (var (name, text) in MembershipSql.Queries)
        {
            await using var query = new NpgsqlCommand(
                $"""
                INSERT INTO {MembershipSql.Schema}.OrleansQuery (QueryKey, QueryText) VALUES ($1, $2)
                ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText
                """,
                connection);
            query.Parameters.Add(new NpgsqlParameter { Value = name });
            query.Parameters.Add(new NpgsqlParameter { Value = text });
            await query.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Lets silos find each other through the table.</summary>
    public void Use(ISiloBuilder silo) => silo.UseAdoNetClustering(options =>
    {
        options.Invariant = "Npgsql";
        options.ConnectionString = _connectionString;
    });

    /// <summary>Lets frontends find silos through the table.</summary>
    public void Use(IClientBuilder client) => client.UseAdoNetClustering(options =>
    {
        options.Invariant = "Npgsql";
        options.ConnectionString = _connectionString;
    });
}
