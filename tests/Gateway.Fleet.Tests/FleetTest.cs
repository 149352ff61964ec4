namespace Gateway.Fleet.Tests;

/// <summary>A test with a bench of its own, whose grant has this policy; without PostgreSQL there is none.</summary>
public abstract class FleetTest(string policy) : IAsyncLifetime
{
    internal FleetBench Bench { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.Folder is not null)
            Bench = await StartBenchAsync(policy);
    }

    /// <summary>What the gateways share; another program's fleet shares something else and promises the same.</summary>
    internal virtual Task<FleetBench> StartBenchAsync(string policy) => FleetBench.StartAsync(policy);

    public async Task DisposeAsync()
    {
        if (Bench is not null)
            await Bench.DisposeAsync();
    }
}
