using Gateway.Orleans.Storage;
using Gateway.Orleans.Tests.Documents;
using Orleans.Core.Internal;
using Orleans.TestingHost;
using TestCluster = Gateway.Orleans.Tests.Clusters.TestCluster;

namespace Gateway.Orleans.Tests.Storage;

/// <summary>
/// Over a storage that compares entity tags. That it is memory does not matter here; the registration refuses it.
/// </summary>
public sealed class GrainStorageReservationsTests : IAsyncLifetime
{
    private InProcessTestCluster _orleans = null!;
    private IGrainStorage _storage = null!;

    public async Task InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.AddMemoryGrainStorage("reservations"));
        _orleans = builder.Build();
        await _orleans.DeployAsync();
        _storage = _orleans.GetSiloServiceProvider().GetRequiredKeyedService<IGrainStorage>("reservations");
    }

    public async Task DisposeAsync() => await _orleans.DisposeAsync();

    [Fact]
    public Task Reads_back_what_was_written() =>
        new GrainStorageReservationsKit(_storage).ReadsBackWhatWasWrittenAsync();

    [Fact]
    public Task Reads_back_the_entries_of_a_sliding_limit() =>
        new GrainStorageReservationsKit(_storage).ReadsBackTheEntriesOfASlidingLimitAsync();

    [Fact]
    public Task One_of_two_first_writers_wins_and_the_other_does_not_know() =>
        new GrainStorageReservationsKit(_storage).OneOfTwoFirstWritersWinsAsync();

    [Fact]
    public Task An_owner_that_was_overtaken_never_writes_over_the_other() =>
        new GrainStorageReservationsKit(_storage).AnOvertakenOwnerNeverWritesOverTheOtherAsync();

    [Fact]
    public Task A_record_stays_for_ten_minutes_after_its_window_and_then_goes_with_its_owner() =>
        new GrainStorageReservationsKit(_storage).KeepsARecordForTenMinutesAfterItsWindowAsync();

    [Fact]
    public async Task What_is_long_over_goes_with_the_counter_that_leaves_memory()
    {
        var storage = new SharedGrainStorage();
        await using var cluster = await TestCluster.StartAsync(
            1, new CounterGrainOptions { DeferMs = 0 }, new SharedStore(), new ManualTime("2020-03-02T10:00:00Z"),
            more: (_, silo) =>
            {
                silo.Services.AddKeyedSingleton<IGrainStorage>("kept", storage);
                silo.AddGrainStorageReservations("kept");
            });
        var cost = Calls.Cost(Calls.Key("leaves"), max: 10);
        Assert.True((await cluster.Limiter().CallAsync(cluster, cost)).IsAdmitted);
        Assert.Single(storage.Names);

        var grain = cluster.Orleans.Client.GetGrain<ICounterGrain>(cost.Key.Text);
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        await Soon.UntilAsync(() => !storage.Names.Any(), "the record is gone");
    }

    [Fact]
    public void Refuses_a_storage_that_forgets()
    {
        var refusal = Assert.Throws<OrleansConfigurationException>(
            () => StorageCheck.Check("mine", _storage, "reservations"));

        Assert.Contains("\"mine\" cannot hold reservations: it loses", refusal.Message, StringComparison.Ordinal);
    }
}
