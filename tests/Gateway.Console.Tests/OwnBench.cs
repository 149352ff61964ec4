namespace Gateway.Console.Tests;

/// <summary>A gateway of a test's own.</summary>
internal sealed class OwnBench : IAsyncDisposable
{
    public ConsoleBench Bench { get; init; } = new();

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        Bench.Dispose();
    }
}
