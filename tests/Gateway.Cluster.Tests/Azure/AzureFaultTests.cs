using Gateway.Cluster.Tests.Faults;

namespace Gateway.Cluster.Tests.Azure;

/// <summary>Real silos that find each other in a table and keep reservations in blobs of an emulated account.</summary>
[Trait("run", "full")]
public sealed class AzureFaultTests(ITestOutputHelper output) : SiloFaultTests(output)
{
    private readonly ITestOutputHelper _output = output;

    [AzuriteFact]
    public async Task Stays_exact_when_the_account_is_silent()
    {
        var account = await AzuriteProcess.StartAsync();
        await using var fleet = await SiloFleet.StartOnAsync(silos: 2, account);
        using var traffic = new Traffic(fleet, _output);

        await traffic.StartAsync();
        await traffic.AdmitAsync(2000);
        account.Pause();
        using (var pause = new PeriodicTimer(TimeSpan.FromSeconds(3))) await pause.WaitForNextTickAsync();
        account.Resume();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 2);
    }

    internal override Task<SiloFleet> StartAsync(int silos) => SiloFleet.StartOnAzureAsync(silos);
}

/// <summary>A fault over an emulated account for every run; <see cref="AzureFaultTests"/> has the others.</summary>
public sealed class AzureKillTests(ITestOutputHelper output)
{
    [AzuriteFact]
    public async Task Stays_exact_when_the_silo_that_owns_the_counter_is_killed()
    {
        await using var fleet = await SiloFleet.StartOnAzureAsync(silos: 2);
        using var traffic = new Traffic(fleet, output);

        await traffic.StartAsync();
        await traffic.AdmitAsync(2000);
        await (await fleet.OwnerAsync(traffic.Key)).KillAsync();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 1);
    }
}
