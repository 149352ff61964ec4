using Gateway.Control.Updating;

namespace Gateway.Control.Tests.Updating;

public sealed class LastUsesTests : IDisposable
{
    private readonly ControlBench _bench = new();

    [Fact]
    public async Task Writes_a_grants_time_at_most_once_a_minute_however_often_it_is_used()
    {
        await _bench.PutAllAsync();
        await _bench.PutGrantAsync("other", ControlBench.OtherToken);
        var uses = Uses();

        // Ten minutes, a look each 15 s, both grants used each second.
        for (var second = 0; second < 600; second++)
        {
            Use(_bench.Grant()!);
            Use(_bench.Grant(ControlBench.OtherToken)!);
            if (second % 15 == 0)
                await LookAsync(uses);
            _bench.Time.Jump(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, _bench.Store.LastUsedWrites);
        Assert.InRange(await AfterRestartAsync(), NowMs - 75_000, NowMs);
    }

    [Fact]
    public async Task Asks_the_store_nothing_while_nothing_is_due()
    {
        await _bench.PutAllAsync();
        var uses = Uses();
        _bench.Store.IsCutOff = true;

        await uses.WriteAsync(LastUses.EachAfter, default);

        Assert.Equal(0, _bench.Store.LastUsedWrites);
    }

    [Fact]
    public async Task Is_no_change_of_the_configuration_and_ends_nothing()
    {
        await _bench.PutAllAsync();
        var (snapshot, open) = (_bench.Now, _bench.Grant()!.Bindings["srv"].Ended);
        Use(_bench.Grant()!);

        await LookAsync(Uses());

        Assert.Equal(1, _bench.Store.LastUsedWrites);
        Assert.Same(snapshot, _bench.Now);
        Assert.False(open.IsCancellationRequested);
    }

    [Fact]
    public async Task Writes_what_is_left_as_the_host_stops_and_outlives_a_store_that_is_away()
    {
        await _bench.PutAllAsync();
        await _bench.Plane.OpenAsync(ConfigObjects.None, default);
        var uses = Uses();
        Use(_bench.Grant()!);
        await LookAsync(uses);
        _bench.Time.Jump(TimeSpan.FromSeconds(7));
        Use(_bench.Grant()!);
        _bench.Store.IsCutOff = true;
        await uses.StopAsync(default);
        _bench.Store.IsCutOff = false;
        Assert.Equal(NowMs - 7_000, await AfterRestartAsync());

        await uses.StopAsync(default);

        Assert.Equal(NowMs, await AfterRestartAsync());
    }

    [Fact]
    public async Task The_later_time_of_two_frontends_wins()
    {
        await _bench.PutAllAsync();
        using var second = new Frontend(_bench);
        await second.Plane.RefreshAsync(default);
        Use(_bench.Grant()!);
        _bench.Time.Jump(TimeSpan.FromSeconds(90));
        second.Snapshots.Current.Grants[_bench.Grant()!.Token].State.Use(NowMs);
        var laterMs = NowMs;

        await second.Uses.WriteAsync(TimeSpan.Zero, default);
        // The first has not heard of it: it still has an older revision, reads, and leaves it.
        await Uses().WriteAsync(TimeSpan.Zero, default);

        await _bench.Plane.RefreshAsync(default);
        Assert.Equal(laterMs, Uses().OfMs(_bench.Plane.State, _bench.Plane.State.Objects.Grants["bot"]));
        Assert.Equal(1, _bench.Store.LastUsedWrites);
    }

    [Fact]
    public async Task Goes_with_the_grant_and_is_not_shown_of_a_later_one_of_its_name()
    {
        await _bench.PutAllAsync();
        var uses = Uses();
        Use(_bench.Grant()!);
        await LookAsync(uses);
        await _bench.DeleteAsync(ControlKinds.Grants, "bot");
        _bench.Time.Jump(TimeSpan.FromSeconds(1));
        await _bench.PutGrantAsync("bot", ControlBench.Token, $$""", "created": "{{_bench.Time.GetUtcNow():O}}" """);
        Assert.Null(uses.OfMs(_bench.Plane.State, _bench.Plane.State.Objects.Grants["bot"]));

        await _bench.DeleteAsync(ControlKinds.Grants, "bot");
        await LookAsync(uses);

        var stored = (await _bench.Store.ReadAsync(default)).OfKind(ControlKinds.LastUsed).Single();
        Assert.DoesNotContain("bot", Encoding.UTF8.GetString(stored.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_alone_what_another_frontend_knows_of_a_grant_that_it_has_not_heard_of()
    {
        await _bench.PutAllAsync();
        await _bench.PutAsync(ControlKinds.LastUsed, "grants",
            $$"""{ "grants": { "new": "{{_bench.Time.GetUtcNow():O}}" } }""");
        Use(_bench.Grant()!);

        await LookAsync(Uses());

        var stored = (await _bench.Store.ReadAsync(default)).OfKind(ControlKinds.LastUsed).Single();
        Assert.Contains("\"new\"", Encoding.UTF8.GetString(stored.Content.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{ "grants": { "bot": "yesterday" } }""")]
    [InlineData("""{ "grants": { "bot": "2999-01-01T00:00:00Z" } }""")]
    public async Task Takes_over_from_a_document_that_cannot_be_read_or_is_not_true(string content)
    {
        await _bench.PutAllAsync();
        await _bench.PutAsync(ControlKinds.LastUsed, "grants", content);
        Assert.Null(Uses().OfMs(_bench.Plane.State, _bench.Plane.State.Objects.Grants["bot"]));
        Use(_bench.Grant()!);

        await LookAsync(Uses());

        Assert.Equal(NowMs, await AfterRestartAsync());
    }

    public void Dispose() => _bench.Dispose();

    private long NowMs => _bench.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private LastUses Uses() => Frontend.UsesOf(_bench, _bench.Plane, _bench.Snapshots);

    private void Use(GrantModel grant) => grant.State.Use(NowMs);

    private async Task LookAsync(LastUses uses)
    {
        await uses.WriteAsync(LastUses.EachAfter, default);
        await _bench.Plane.RefreshAsync(default);
    }

    /// <summary>What another process shows that saw no call yet.</summary>
    private async Task<long> AfterRestartAsync()
    {
        using var frontend = new Frontend(_bench);
        await frontend.Plane.RefreshAsync(default);
        return frontend.Uses.OfMs(frontend.Plane.State, frontend.Plane.State.Objects.Grants["bot"]) ?? 0;
    }

    /// <summary>Another gateway on the same store.</summary>
    private sealed class Frontend : IDisposable
    {
        public Frontend(ControlBench bench)
        {
            Plane = new SnapshotUpdater(
                bench.Store, new SecretProtector(bench.Store), Snapshots, new StoreStaleness(bench.Store, bench.Time),
                new ProcessClock(bench.Time), bench.Time, NullLogger<SnapshotUpdater>.Instance);
            Uses = UsesOf(bench, Plane, Snapshots);
        }

        public SnapshotHolder Snapshots { get; } = new();

        public SnapshotUpdater Plane { get; }

        public LastUses Uses { get; }

        public static LastUses UsesOf(ControlBench bench, SnapshotUpdater plane, SnapshotHolder snapshots) => new(
            bench.Store, plane, snapshots, new ProcessClock(bench.Time), bench.Time, NullLogger<LastUses>.Instance);

        public void Dispose()
        {
            Uses.Dispose();
            Plane.Dispose();
        }
    }
}
