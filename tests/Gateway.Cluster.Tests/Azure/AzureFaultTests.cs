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
