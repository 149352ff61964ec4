using Gateway.Storage.Postgres.Documents;

namespace Gateway.Postgres.Tests.Documents;

/// <summary>A control store with a database handle of its own, as in one process.</summary>
internal sealed class ControlBench : IAsyncDisposable
{
    private ControlBench(PostgresDatabase database)
    {
        Database = database;
        Store = new PostgresControlStore(database);
    }

    public PostgresDatabase Database { get; }

    public PostgresControlStore Store { get; }

    public static async Task<ControlBench> OpenAsync(PostgresOptions options, TimeProvider? time = null) =>
        new(await SharedDatabase.OpenAsync(options, time));

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Database.DisposeAsync();
    }
}
