using Gateway.Admin.Live;
using Gateway.Audit.Evidence;

namespace Gateway.Server.Tests.Admin;

/// <summary>Decisions of several gateways at each of them, over a store whose time stands.</summary>
public sealed class LiveFleetTests : IAsyncLifetime
{
    private LiveNodes _fleet = null!;

    public async Task InitializeAsync() => _fleet = await LiveNodes.CreateAsync();

    public Task DisposeAsync()
    {
        _fleet.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task While_nobody_looks_nothing_is_written_and_a_minute_after()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        await one.DecideAsync("a");
        await StepAllAsync(3);
        Assert.Equal((0, 0), (_fleet.Store.Puts, _fleet.Store.Lists));
        Assert.Empty(_fleet.Store.Writes);

        var stream = one.Look();
        await StepAllAsync(5);
        Assert.Single(_fleet.Store.Writes);
        Assert.InRange(_fleet.Store.Puts, 2, 8);
        one.Close(stream);
        await StepAllAsync(65);
        var puts = _fleet.Store.Puts;
        await StepAllAsync(5);
        Assert.Equal(puts, _fleet.Store.Puts);

        // One who begins again takes nothing of that for new.
        _ = other.Look();
        await StepAllAsync(3);
        Assert.Empty(other.Calls);
    }

    [Fact]
    public async Task Shows_what_each_decides_once_and_goes_on_at_the_other()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        await other.DecideAsync("before");
        var stream = one.Look();
        await StepAllAsync(2);
        await other.DecideAsync("b1", "b2");
        await one.DecideAsync("a1");
        await StepAllAsync(2);
        Assert.Equal(["a1", "b1", "b2"], one.Calls.Order());
        var id = one.LastId;
        one.Close(stream);

        await other.DecideAsync("b3");
        await one.DecideAsync("a2");
        other.Look(id);
        await StepAllAsync(2);
        Assert.Equal(["a2", "b3"], other.Calls.Order());
        Assert.False(one.IsSampled || other.IsSampled);
    }

    [Fact]
    public async Task Who_joins_those_who_look_sees_what_comes_from_now_on()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        one.Look();
        await StepAllAsync(2);
        await one.DecideAsync("early");
        await StepAllAsync(8);

        other.Look();
        await StepAllAsync(2);
        await one.DecideAsync("late");
        await StepAllAsync(2);

        Assert.Equal(["late"], other.Calls);
        Assert.Equal(["early", "late"], one.Calls);
    }

    [Fact]
    public async Task What_is_too_much_is_a_sample_and_says_so()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        one.Look();
        await StepAllAsync(2);
        await other.DecideAsync([.. Enumerable.Range(0, 120).Select(static i => $"b{i}")]);
        await StepAllAsync(3);

        Assert.True(one.IsSampled);
        Assert.Equal(DecisionFeed.PerSecondMax, one.Calls.Count);
    }

    [Fact]
    public async Task Names_one_that_is_silent_with_since_when_until_it_is_back_or_long_gone()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        one.Look();
        await StepAllAsync(3);
        Assert.Equal(["present", "present"], one.States);
        Assert.All(one.Fleet.View.Frontends, static one => Assert.EndsWith(")", one.Name, StringComparison.Ordinal));

        var killed = _fleet.Time.GetUtcNow();
        await StepAsync(15, one);
        var missing = one.Fleet.View.Frontends.Single(static one => one.State == "missing");
        Assert.InRange(killed - missing.Since!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        await StepAsync(1, one, other);
        await StepAsync(1, one);
        Assert.Equal(["present", "present"], one.States);

        await other.EndAsync();
        await StepAsync(15, one);
        Assert.Equal(["present"], one.States);
        Assert.Equal(Environment.MachineName, one.Fleet.View.Own);

        var killedForGood = _fleet.Start();
        await StepAsync(2, one, killedForGood);
        await StepAsync(15, one);
        Assert.Contains("missing", one.States);
        await StepAsync(300, one);
        Assert.Equal(["present"], one.States);
    }

    [Fact]
    public async Task A_store_that_is_away_costs_the_others_alone_and_what_was_decided_meanwhile_comes_after_it()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        one.Look();
        await StepAllAsync(2);
        _fleet.Store.IsCutOff = true;
        await one.DecideAsync("own");
        await other.DecideAsync("theirs");
        await StepAllAsync(15);
        Assert.Equal(["own"], one.Calls);
        Assert.Equal(["missing", "present"], one.States.Order());

        _fleet.Store.IsCutOff = false;
        await StepAllAsync(3);
        Assert.Equal(["own", "theirs"], one.Calls.Order());
        Assert.Equal(["present", "present"], one.States);
        Assert.False(one.IsSampled);
    }

    [Fact]
    public async Task What_no_gateway_puts_is_passed_over()
    {
        var one = _fleet.Start();
        one.Look();
        await StepAllAsync(2);
        foreach (var (i, wrong) in new[]
        {
            "nonsense", "[]", "{}", """{"writer":"a","name":"x","started":"2026-01-01T00:00:00Z"}""",
            """{"writer":"12345678\n","name":"x","started":"2026-03-01T00:00:00Z","at":"2026-03-01T12:00:00Z","from":{"file":1,"offset":0},"began":{"file":1,"offset":0},"to":{"file":1,"offset":9},"marks":[]}""",
        }.Index())
        {
            await _fleet.Store.Archive.PutAsync(LiveFleet.Topic, i + 1, Encoding.UTF8.GetBytes(wrong), 0, default);
        }

        await StepAllAsync(2);
        Assert.Equal(["present"], one.States);
    }

    [Theory]
    [InlineData("host/3-1024", "host=3 1024")]
    [InlineData("host/3-1024;1234abcd/1-5", "host=3 1024 1234abcd=1 5")]
    [InlineData("nonsense", "")]
    [InlineData("host/3-1024/x;;/1-1;a/-1;b/1--1;c\nd/1-1", "")]
    [InlineData(null, "")]
    public void Reads_ids_of_one_log_and_of_several(string? id, string expected)
    {
        var places = LivePlaces.Of(id);
        Assert.Equal(expected, string.Join(' ', new[] { "host", "1234abcd", "a", "b", "c\nd", "x", "nonsense" }
            .Where(key => places.Find(key) is not null).Select(key => $"{key}={places.Find(key)}")));
        Assert.DoesNotContain('\n', places.ToString());
    }

    [Fact]
    public void An_id_is_bounded_and_is_what_it_was_read_from()
    {
        var places = new LivePlaces();
        for (var i = 0; i < 1000; i++)
            places.Set($"{i:x8}", new LogPlace(i, long.MaxValue));
        Assert.InRange(places.ToString().Length, 1, 256 * 40);
        Assert.Equal(places.ToString(), LivePlaces.Of(places.ToString()).ToString());
        Assert.Null(LivePlaces.Of(places + ";late/1-1").Find("late"));
    }

    private Task StepAllAsync(int seconds) => StepAsync(seconds, [.. _fleet.Running]);

    private async Task StepAsync(int seconds, params LiveNode[] nodes)
    {
        for (var i = 0; i < seconds; i++)
        {
            foreach (var node in nodes)
                await node.StepAsync();
            _fleet.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
