using Gateway.Cluster.Local;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Gateway.Cluster.Tests.Local;

/// <summary>The store of files, as two processes use it at once.</summary>
public sealed class LocalStoreTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("counter", "agent@crm/sent/with/any%letters");
    private readonly TestFolder _folder = new("gateway-local-store-");
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Keeps_what_was_written_and_forgets_what_was_cleared()
    {
        var state = new GrainState<List<string>>(["one"]);
        await Storage().WriteStateAsync("reservation", Grain, state);
        var read = await ReadAsync();
        Assert.Equal((true, "one", state.ETag), (read.RecordExists, read.State!.Single(), read.ETag));

        await Storage().ClearStateAsync("reservation", Grain, read);
        Assert.Equal((false, null), ((await ReadAsync()).RecordExists, (await ReadAsync()).ETag));
    }

    [Fact]
    public async Task Of_many_that_write_over_the_same_record_one_succeeds()
    {
        for (var round = 0; round < 20; round++)
        {
            var seen = await ReadAsync();
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
            {
                try
                {
                    await Storage().WriteStateAsync(
                        "reservation", Grain, new GrainState<List<string>>([$"{round}-{number}"], seen.ETag));
                    return $"{round}-{number}";
                }
                catch (InconsistentStateException)
                {
                    return null;
                }
            }));

            Assert.Equal((await ReadAsync()).State!.Single(), outcomes.Single(static one => one is not null));
        }
    }

    [Fact]
    public async Task A_record_that_was_damaged_is_not_taken_for_another_or_for_none()
    {
        await Storage().WriteStateAsync("reservation", Grain, new GrainState<List<string>>(["a record"]));
        var file = Directory.GetFiles(_folder.Path).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        await Assert.ThrowsAsync<InvalidDataException>(ReadAsync);
    }

    [Fact]
    public async Task Of_many_silos_that_join_by_the_same_version_of_the_table_one_succeeds()
    {
        for (var version = 1; version <= 20; version++)
        {
            var next = new TableVersion(version, $"{version - 1}");
            var joined = await Task.WhenAll(Enumerable.Range(1, 4)
                .Select(number => Members().InsertRow(Silo((100 * version) + number), next)));

            Assert.Equal(1, joined.Count(static one => one));
        }

        var table = await Members().ReadAll();
        Assert.Equal((20, 20), (table.Version.Version, table.Members.Count));
    }

    [Fact]
    public async Task A_member_is_read_back_as_it_was_and_frontends_find_the_active_ones()
    {
        var silo = Silo(11111);
        silo.SuspectTimes =
            [Tuple.Create(Silo(11112).SiloAddress, new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc))];
        await Members().InsertRow(silo, new TableVersion(1, "0"));
        Assert.Empty(await Members().GetGateways());

        silo.Status = SiloStatus.Active;
        await Members().UpdateRow(silo, "1", new TableVersion(2, "1"));
        Assert.False(await Members().UpdateRow(silo, "1", new TableVersion(2, "1")));
        var read = (await Members().ReadRow(silo.SiloAddress)).Members.Single().Item1;

        Assert.Equal(silo.ToString(), read.ToString());
        Assert.Equal(silo.SuspectTimes, read.SuspectTimes);
        Assert.Equal(30000, (await Members().GetGateways()).Single().Port);
    }

    private LocalGrainStorage Storage() =>
        new(_folder.Path, new OrleansGrainStorageSerializer(_services.GetRequiredService<Serializer>()));

    private LocalMembership Members() => new(Path.Combine(_folder.Path, "members"));

    private async Task<GrainState<List<string>>> ReadAsync()
    {
        var state = new GrainState<List<string>>([]);
        await Storage().ReadStateAsync("reservation", Grain, state);
        return state;
    }

    private static MembershipEntry Silo(int port) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), 7),
        Status = SiloStatus.Joining,
        ProxyPort = 30000,
        HostName = "here",
        SiloName = $"silo-{port}",
        StartTime = new DateTime(2026, 3, 1, 11, 0, 0, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(2026, 3, 1, 11, 30, 0, DateTimeKind.Utc),
    };
}
