namespace Gateway.Cluster.Tests.Fleets;

/// <summary>One silo and some frontends in processes of their own, over blobs of an emulated account.</summary>
internal sealed class AzureFleet : IAsyncDisposable
{
    private readonly AzuriteProcess _azurite;
    private readonly int _siloPort = Ports.Free();
    private readonly int _clientPort = Ports.Free();
    private readonly List<ClusterProcess> _processes = [];
    private ClusterProcess? _silo;

    private AzureFleet(AzuriteProcess azurite) => _azurite = azurite;

    public static async Task<AzureFleet> StartAsync()
    {
        var fleet = new AzureFleet(await AzuriteProcess.StartAsync());
        await fleet.StartSiloAsync();
        return fleet;
    }

    /// <summary>One more frontend, ready.</summary>
    public Task<ClusterProcess> StartFrontendAsync(params string[] more) => StartAsync("frontend", Ports.Free(), more);

    /// <summary>Kills the only silo and starts another in its place.</summary>
    public async Task ReplaceSiloAsync()
    {
        await _silo!.KillAsync();
        await StartSiloAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    private async Task StartSiloAsync() =>
        _silo = await StartAsync("silo", _siloPort, "--primary-port", $"{_siloPort}");

    private async Task<ClusterProcess> StartAsync(string role, int siloPort, params string[] more)
    {
        string[] all =
        [
            "--clustering", "localhost", "--store", _azurite.ConnectionString, "--client-port", $"{_clientPort}",
            .. more,
        ];
        var process = ClusterProcess.Start($"{role}-{siloPort}", role, siloPort, all);
        lock (_processes) _processes.Add(process);
        Assert.True(await process.ReadyAsync(), process.Log);
        return process;
    }
}
