using Gateway.Limits;
using Gateway.Limits.Conformance;
using Gateway.Orleans.Storage;
using Gateway.Orleans.Tests.Clusters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Gateway.Orleans.Tests.Storage;

/// <summary>
/// Over a storage that compares entity tags. That it is memory does not matter here; the registration refuses it.
/// </summary>
public sealed class GrainStorageReservationsTests : IAsyncLifetime
{
    private readonly ManualTime _time = new("2026-03-02T10:00:00Z");
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
    public async Task Reads_back_what_was_written()
    {
        var key = Calls.Key();
        Assert.Equal(ReadOutcome.Absent, (await Owner().ReadAsync(key, default)).Outcome);
        var record = new Reservation(1_772_445_600_000, Int128.Parse("123456789012345678901234567"), UInt128.MaxValue);

        Assert.Equal(WriteOutcome.Ok, await Owner().WriteAsync(key, 0, record, default));

        Assert.Equal(record, (await Owner().ReadAsync(Calls.Key(), default)).Record);
    }

    [Fact]
    public async Task One_of_two_first_writers_wins_and_the_other_does_not_know()
    {
        var (one, other) = (Owner(), Owner());
        var (mine, yours) = (Calls.Key(), Calls.Key());
        await one.ReadAsync(mine, default);
        await other.ReadAsync(yours, default);

        Assert.Equal(WriteOutcome.Ok, await one.WriteAsync(mine, 0, Record(1, 5), default));
        Assert.Equal(WriteOutcome.Unknown, await other.WriteAsync(yours, 0, Record(2, 9), default));

        Assert.Equal(Record(1, 5), (await other.ReadAsync(yours, default)).Record);
    }

    [Fact]
    public async Task An_owner_that_was_overtaken_never_writes_over_the_other()
    {
        var (one, other) = (Owner(), Owner());
        var (mine, yours) = (Calls.Key(), Calls.Key());
        await one.WriteAsync(mine, 0, Record(1, 5), default);
        await other.ReadAsync(yours, default);
        await one.WriteAsync(mine, 1, Record(2, 9), default);

        Assert.Equal(WriteOutcome.Unknown, await other.WriteAsync(yours, 1, Record(3, 7), default));
        Assert.Equal(WriteOutcome.Conflict, await other.WriteAsync(yours, 1, Record(4, 7), default));

        Assert.Equal(Record(2, 9), (await one.ReadAsync(mine, default)).Record);
    }

    [Fact]
    public async Task A_record_stays_for_ten_minutes_after_its_window()
    {
        var owner = Owner();
        var key = Calls.Key();
        await owner.WriteAsync(key, 0, Record(1, 5), default);
        var endMs = _time.NowMs;

        Assert.Equal(WriteOutcome.Conflict, await owner.DeleteAsync(key, 1, endMs, default));
        _time.Advance(600_000);
        Assert.Equal(WriteOutcome.Ok, await owner.DeleteAsync(key, 1, endMs, default));

        Assert.Equal(ReadOutcome.Absent, (await owner.ReadAsync(key, default)).Outcome);
        Assert.Equal(WriteOutcome.Ok, await owner.WriteAsync(key, 0, Record(6, 1), default));
    }

    [Fact]
    public void Refuses_a_storage_that_forgets()
    {
        var refusal = Assert.Throws<OrleansConfigurationException>(() => StorageFitness.Check("mine", _storage));

        Assert.Contains("\"mine\" cannot hold reservations: it forgets", refusal.Message, StringComparison.Ordinal);
    }

    private GrainStorageReservations Owner() =>
        new(_storage, _time, NullLogger<GrainStorageReservations>.Instance);

    private static Reservation Record(int nonce, int reserved) => new(1_772_445_600_000, reserved, (UInt128)nonce);
}
