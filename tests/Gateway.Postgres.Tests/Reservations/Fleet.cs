namespace Gateway.Postgres.Tests.Reservations;

/// <summary>Several stores over one schema, each with connections of its own, as in several processes.</summary>
internal sealed class Fleet(StoreBench[] members) : IAsyncDisposable
{
    public StoreBench[] Members { get; } = members;

    public static async Task<Fleet> OpenAsync(PostgresOptions options, int count) =>
        new(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StoreBench.OpenAsync(options))));

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members) await member.DisposeAsync();
    }
}
