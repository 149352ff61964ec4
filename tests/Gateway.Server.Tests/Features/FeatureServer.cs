namespace Gateway.Server.Tests.Features;

/// <summary>
/// The server with every feature, and a gateway in front of it for each policy. Both start when they are first needed,
/// so that skipped tests need no node.
/// </summary>
public sealed class FeatureServer : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Task<TestGateway>> _gateways = new();
    private readonly Lazy<Task<(NodeProcess Process, Uri Address)>> _server = new(StartAsync);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var gateway in _gateways.Values)
            await (await gateway).DisposeAsync();
        if (_server.IsValueCreated)
            await (await _server.Value).Process.DisposeAsync();
    }

    internal Task<TestGateway> GatewayAsync(string policy) => _gateways.GetOrAdd(policy, async key =>
        await TestGateway.StartAsync(
            (await _server.Value).Address.ToString(), key, drainTime: TimeSpan.FromSeconds(2),
            consoleUrl: new Uri("https://ops.example.com")));

    private static async Task<(NodeProcess Process, Uri Address)> StartAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var process = NodeProcess.Start(NodePackages.Fixture);
        try
        {
            using var first = JsonDocument.Parse(await process.ReadJsonLineAsync(deadline.Token));
            return (process, new Uri(first.RootElement.GetProperty("url").GetString()!));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
