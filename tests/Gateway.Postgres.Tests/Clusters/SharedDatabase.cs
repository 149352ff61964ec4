using Npgsql;

namespace Gateway.Postgres.Tests.Clusters;

/// <summary>
/// One server for all tests of this project, started when first asked for; each test takes a schema of its own.
/// </summary>
public sealed class SharedDatabase : IAsyncLifetime
{
    private PostgresCluster? _cluster;
    private int _schemas;

    internal PostgresAddress Address { get; private set; } = null!;

    /// <summary>The address as a process takes it on its command line.</summary>
    internal string Url { get; private set; } = "";

    /// <summary>A server that is ours to disturb, even where another one was given.</summary>
    internal PostgresCluster Cluster => _cluster ?? throw new InvalidOperationException(PostgresBinaries.Missing);

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Folder is not null) _cluster = await PostgresCluster.StartNewAsync();
        Url = Environment.GetEnvironmentVariable("GATEWAY_TEST_POSTGRES") is { Length: > 0 } given
            ? given
            : _cluster?.Url() ?? "";
        if (Url.Length > 0) Address = FrontendOptions.ReadAddress(Url);
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    internal static ProcessClock NewClock() => new(TimeProvider.System);

    /// <summary>A schema of a test's own, and the patience of a busy machine: tests of loss take their own.</summary>
    internal PostgresOptions NewOptions() => new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(20),
        CommandTimeout = TimeSpan.FromSeconds(20),
        Address = Address ?? throw new InvalidOperationException(PostgresBinaries.Missing),
        Schema = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _schemas)}",
    };

    internal static Task<PostgresDatabase> OpenAsync(PostgresOptions options, TimeProvider? time = null) =>
        PostgresDatabase.OpenAsync(
            options, time is null ? NewClock() : new ProcessClock(time), NullLoggerFactory.Instance,
            CancellationToken.None);

    internal static async Task<object?> AskAsync(PostgresOptions options, string sql)
    {
        await using var connection = new NpgsqlConnection(options.Address.ToConnection().ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
