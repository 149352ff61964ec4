namespace Gateway.Usage.Tests.Keeping;

public sealed class UsageKeeperTests : IDisposable
{
    private readonly UsageFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Fact]
    public async Task Adds_up_what_several_frontends_counted_however_often_they_write()
    {
        var (one, other) = (_fleet.Start(), _fleet.Start());
        one.Call(3);
        other.Call(4, refusal: RefusalCategory.Denied);
        await one.WriteAsync();
        await other.WriteAsync();
        await other.WriteAsync();
        one.Call(2);
        await one.WriteAsync();

        var answer = await other.AskAsync(("since", "5m"));

        Assert.Equal((9, 4), (answer.Calls, answer.Refused));
        Assert.Equal(2, answer.Frontends.Count(static frontend => frontend.State == "present"));
    }

    [Fact]
    public async Task Finds_its_minutes_again_after_a_restart_within_one_of_them()
    {
        var first = _fleet.Start();
        first.Call(3);
        await first.EndAsync();
        _fleet.Reopen();
        var second = _fleet.Start();
        second.Call(2);

        var answer = await second.AskAsync(("since", "5m"));

        Assert.Equal(5, answer.Calls);
        Assert.Equal(["ended", "present"], answer.Frontends.Select(static one => one.State).Order());
    }

    [Fact]
    public async Task Says_of_one_that_was_killed_how_much_it_may_lack()
    {
        var (killed, other) = (_fleet.Start(), _fleet.Start());
        killed.Call(3);
        await killed.WriteAsync();
        killed.Call(1);
        _fleet.Time.Advance(120_000);
        await other.WriteAsync();

        var answer = await other.AskAsync(("since", "5m"));

        Assert.Equal(3, answer.Calls);
        Assert.Equal(10, Assert.Single(answer.Frontends, static one => one.State == "missing").MayLackSeconds);
        Assert.Contains(answer.Notes,
            static note => note.Contains("at most 10 s of its calls are missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sums_an_hour_up_when_it_is_over_and_keeps_it_for_a_year()
    {
        var frontend = _fleet.Start();
        frontend.Call(3);
        await frontend.WriteAsync();
        _fleet.Time.Advance(3_600_000);
        frontend.Call(2, refusal: RefusalCategory.RateLimited);
        await frontend.WriteAsync();
        // Three days without a call, in which the minutes go.
        for (var hour = 0; hour < 72; hour++)
        {
            _fleet.Time.Advance(3_600_000);
            await frontend.WriteAsync();
        }

        var hours = (await _fleet.Store.HoursWithMinutesAsync(default)).Order().ToList();
        Assert.True(hours.Count <= UsageStore.HourSlots, $"{hours.Count} hours of minutes");
        var answer = await frontend.AskAsync(("since", "5d"), ("step", "1h"));
        Assert.Equal((5, 2, "hours and minutes"), (answer.Calls, answer.Refused, answer.Source));

        _fleet.Time.Advance(TimeSpan.FromDays(390).TotalMilliseconds);
        Assert.Equal(5, (await frontend.AskAsync(("since", "395d"), ("step", "1d"))).Calls);
    }

    [Fact]
    public async Task Sums_up_what_a_fleet_left_that_was_off_for_days()
    {
        var first = _fleet.Start();
        first.Call(3);
        await first.EndAsync();
        _fleet.Time.Advance(TimeSpan.FromDays(5).TotalMilliseconds);
        _fleet.Reopen();

        var answer = await _fleet.Start().AskAsync(("since", "6d"), ("step", "1h"));

        Assert.Equal(3, answer.Calls);
    }

    [Fact]
    public async Task Adds_minutes_to_an_hour_that_others_summed_up_while_it_was_cut_off()
    {
        var away = new SeveredArchive(_fleet.Files);
        var (cut, other) = (_fleet.Start(away), _fleet.Start());
        cut.Call(2);
        other.Call(1);
        away.IsCutOff = true;
        await Assert.ThrowsAsync<ControlStoreException>(cut.WriteAsync);
        _fleet.Time.Advance(35 * 60_000);
        await other.WriteAsync();
        Assert.Equal(1, (await other.AskAsync(("since", "1h"), ("step", "1h"))).Calls);

        away.IsCutOff = false;
        await cut.WriteAsync();

        Assert.Equal(3, (await other.AskAsync(("since", "1h"), ("step", "1h"))).Calls);
    }

    [Fact]
    public async Task Loses_nothing_of_another_run_when_the_machine_s_clock_was_set_back()
    {
        var first = _fleet.Start();
        first.Call(3);
        await first.WriteAsync();
        _fleet.Time.StepWall(-30 * 60_000);
        first.Call(1);
        await first.EndAsync();
        var second = _fleet.Start();
        second.Call(5);
        await second.WriteAsync();
        _fleet.Time.Advance(31 * 60_000);

        Assert.Equal(9, (await second.AskAsync(("since", "2h"))).Calls);
    }

    [Fact]
    public async Task Believes_no_leap_of_the_clock_so_none_sweeps_what_is_kept()
    {
        var frontend = _fleet.Start();
        frontend.Call(3);
        await frontend.WriteAsync();
        _fleet.Time.StepWall(TimeSpan.FromDays(500).TotalMilliseconds);
        frontend.Call(1);
        await frontend.WriteAsync();

        Assert.Equal(4, (await frontend.AskAsync(("since", "1h"))).Calls);
    }

    /// <summary>The archive of a store that is away at times.</summary>
    private sealed class SeveredArchive(FileControlStore inner) : IControlStore, IArchive
    {
        public bool IsCutOff { get; set; }

        public bool IsShared => true;

        public IArchive Archive => this;

        public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
            inner.ReadAsync(cancellationToken);

        public ValueTask<ControlWrite> ChangeAsync(
            ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken) =>
            inner.ChangeAsync(key, expectedVersion, content, cancellationToken);

        public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
            inner.WaitAsync(revision, atMost, cancellationToken);

        public ValueTask KeepAsync(
            string topic, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken) =>
            Reachable().KeepAsync(topic, number, content, most, cancellationToken);

        public ValueTask PutAsync(
            string topic, long number, ReadOnlyMemory<byte> content, long least, CancellationToken cancellationToken) =>
            Reachable().PutAsync(topic, number, content, least, cancellationToken);

        public ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string topic, CancellationToken cancellationToken) =>
            Reachable().ListAsync(topic, cancellationToken);

        public ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
            string topic, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
            Reachable().ReadAsync(topic, numbers, cancellationToken);

        private IArchive Reachable() => IsCutOff ? throw new ControlStoreException("cut off") : inner.Archive;
    }
}
