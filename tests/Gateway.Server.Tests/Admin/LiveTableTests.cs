using Gateway.Admin.Live;
using Gateway.Audit.Evidence;

namespace Gateway.Server.Tests.Admin;

/// <summary>Who is there, who is missing, and how far a reader has seen each log.</summary>
public sealed class LiveTableTests
{
    private const string Own = "0123456789abcdef";
    private readonly FakeTimeProvider _time = new();
    private readonly LiveTable _table;

    public LiveTableTests() => _table = new LiveTable(Own, _time);

    [Fact]
    public void A_silent_gateway_is_missing_until_it_is_back_or_long_gone()
    {
        _table.Take(Log("aaaaaaaa", "gateway-2"));
        Assert.Equal(["gateway-2 present", $"{Environment.MachineName} present"], Reported());

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Contains("gateway-2 missing", Reported());
        _table.Take(Log("aaaaaaaa", "gateway-2"));
        Assert.Contains("gateway-2 present", Reported());
        _time.Advance(LiveTable.NamedFor + TimeSpan.FromSeconds(1));
        Assert.Equal([$"{Environment.MachineName} present"], Reported());
    }

    [Fact]
    public void One_that_ended_in_order_is_not_missed()
    {
        _table.Take(Log("aaaaaaaa", "gateway-2"));
        _table.Take(Log("aaaaaaaa", "gateway-2") with { Ended = true });

        Assert.Equal([$"{Environment.MachineName} present"], Reported());
    }

    [Fact]
    public void One_that_came_in_the_place_of_another_of_its_name_leaves_none_missing()
    {
        _table.Take(Log("aaaaaaaa", "gateway-2"));
        _time.Advance(TimeSpan.FromSeconds(30));
        _table.Take(Log("bbbbbbbb", "gateway-2"));

        Assert.Equal(["gateway-2 present", $"{Environment.MachineName} present"], Reported());
    }

    [Fact]
    public void Two_gateways_of_one_machine_are_distinguished_by_their_logs()
    {
        _table.Take(Log("aaaaaaaabb", Environment.MachineName));

        Assert.Equal(
            [$"{Environment.MachineName} ({Own[..6]}) present", $"{Environment.MachineName} (aaaaaa) present"],
            Reported());
    }

    [Fact]
    public void No_more_gateways_are_known_than_an_id_has_room_for()
    {
        for (var i = 0; i < LivePlaces.LogsMax + 10; i++)
            _table.Take(Log($"{i:x8}", $"gateway-{i}"));

        Assert.Equal(LivePlaces.LogsMax, Reported().Count);
    }

    [Theory]
    [InlineData("gateway-1/3-4096", "gateway-1/3-4096")]
    [InlineData("aaaaaaaa/1-0;bbbbbbbb/2-17", "aaaaaaaa/1-0;bbbbbbbb/2-17")]
    [InlineData("aaaaaaaa/1-0;bbbbbbbb/there;/1-1;c\nd/1-1", "aaaaaaaa/1-0")]
    [InlineData("nothing", "")]
    [InlineData(null, "")]
    public void An_id_is_read_as_far_as_it_names_places_of_logs(string? id, string read) =>
        Assert.Equal(read, LivePlaces.Of(id).ToString());

    [Fact]
    public void A_gap_between_a_readers_position_and_the_kept_records_is_marked_as_sampled()
    {
        var record = JsonDocument.Parse("{}").RootElement;
        var log = Log("aaaaaaaa", "gateway-2") with
        {
            From = new LogPlace(1, 100),
            To = new LogPlace(1, 300),
            Marks = [new LiveMark(new LogPlace(1, 100), record), new LiveMark(new LogPlace(1, 200), record)],
        };

        Assert.Equal((2, true), Seen(new LogPlace(1, 50)));
        Assert.Equal((2, false), Seen(new LogPlace(1, 100)));
        Assert.Equal((1, false), Seen(new LogPlace(1, 200)));
        Assert.Equal((0, false), Seen(new LogPlace(1, 300)));

        (int Records, bool IsSampled) Seen(LogPlace place) =>
            log.Since(place) is var (records, isSampled) ? (records.Count, isSampled) : default;
    }

    private List<string> Reported() =>
        [.. _table.View(0, LiveTable.Nobody).Frontends.Select(static one => $"{one.Name} {one.State}")];

    private LiveLog Log(string writer, string name) => new()
    {
        Writer = writer,
        Name = name,
        Started = _time.GetUtcNow(),
        At = _time.GetUtcNow(),
        From = default,
        Began = default,
        To = default,
        Marks = [],
    };
}
