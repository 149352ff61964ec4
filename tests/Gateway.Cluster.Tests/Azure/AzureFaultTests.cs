namespace Gateway.Cluster.Tests.Azure;

/// <summary>Real silos that find each other in a table and keep reservations in blobs of an emulated account.</summary>
public sealed class AzureFaultTests(ITestOutputHelper output)
{
    [AzuriteFact]
    public async Task Stays_exact_when_silos_are_killed()
    {
        await using var fleet = await SiloFleet.StartOnAzureAsync(silos: 3);
        using var traffic = new Traffic(fleet, output);

        await traffic.StartAsync();
        await traffic.AdmitAsync(2000);
        await (await fleet.OwnerAsync(traffic.Key)).KillAsync();
        await traffic.AdmitAsync(2000);
        await (await fleet.OwnerAsync(traffic.Key)).KillAsync();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 2);
    }

    [AzuriteFact]
    public async Task Stays_exact_when_an_owner_is_paused_until_it_has_a_successor_and_the_account_is_silent()
    {
        var account = await AzuriteProcess.StartAsync();
        await using var fleet = await SiloFleet.StartOnAsync(silos: 3, account);
        using var traffic = new Traffic(fleet, output);

        await traffic.StartAsync();
        await traffic.AdmitAsync(2000);
        var owner = await fleet.OwnerAsync(traffic.Key);
        owner.Pause();
        await traffic.AdmitAsync(3000);
        owner.Resume();
        await traffic.AdmitAsync(1000);
        account.Pause();
        using (var pause = new PeriodicTimer(TimeSpan.FromSeconds(3))) await pause.WaitForNextTickAsync();
        account.Resume();
        await traffic.RunDryAsync();

        traffic.AssertExact(faults: 2);
    }
}
