namespace Gateway.Usage.Tests.Keeping;

public sealed class UsageDocumentTests : IDisposable
{
    private const long Hour = 500_000;
    private readonly UsageFleet _fleet = new();

    public void Dispose() => _fleet.Dispose();

    [Theory]
    [InlineData(7L, new[] { 0L, 1, 2, 3, 7 })]
    [InlineData(7L, new[] { 0L, 1, 2, 3, 7, 250 })]
    [InlineData(0L, new[] { 0L, 1, 2, 3 })]
    public async Task Cell_with_unknown_or_missing_counts_is_read(long calls, long[] cell)
    {
        var counts = Assert.Single(await ReadAsync(cell)).Counts();

        Assert.Equal([new(new UsageKey("agent", "crm", "find", "allowed"), calls)], counts);
    }

    [Theory]
    [InlineData(3L, new[] { 0L, 1, 2, 3, 1, 5, 3 })]
    [InlineData(3L, new[] { 0L, 1, 2, 3, 1, 5, 3, 250 })]
    [InlineData(7L, new[] { 0L, 1, 2, 3, 1, 5, 3, 1_000_000, 4 })]
    [InlineData(0L, new[] { 0L, 1, 2, 3, 1 })]
    public async Task Results_with_unknown_counts_or_longer_durations_are_read(long count, long[] row)
    {
        var document = Document([0, 1, 2, 3, 7]) with { Results = [row] };
        await _fleet.Store.PutMinuteAsync(Hour * 60, UsageStore.NewRun(), document, default);

        var read = Assert.Single(await _fleet.Store.ReadMinutesAsync(Hour, default));

        var results = Assert.Single(read.Durations()).Value;
        Assert.Equal((count, 1L), (results.Count, results.Errors));
    }

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(0, 1, 2, 3, -1)]
    [InlineData(0, 1, 2, 3, 0, -1, 2)]
    [InlineData(0, 1, 2, 3, 0, 1, -2)]
    public async Task Damaged_results_make_the_document_a_gap(params long[] row)
    {
        var document = Document([0, 1, 2, 3, 7]) with { Results = [row] };
        await _fleet.Store.PutMinuteAsync(Hour * 60, UsageStore.NewRun(), document, default);

        Assert.Empty(await _fleet.Store.ReadMinutesAsync(Hour, default));
    }

    [Fact]
    public async Task Document_of_the_previous_release_has_calls_but_a_gap_in_place_of_results()
    {
        await ReadAsync([0, 1, 2, 3, 7]);
        _fleet.Time.Advance((Hour * 3_600_000) + 30_000 - _fleet.Time.NowMs);

        var answer = await _fleet.Start().AskAsync(("since", "1m"));

        Assert.Equal(7, answer.Calls);
        Assert.Equal(0, answer.Results!.Count);
        Assert.Null(answer.ResultsOverTime!.Count[^2]);
    }

    /// <summary>The record of the previous release, which must read documents of this one.</summary>
    private sealed record PreviousDocument(
        DateTimeOffset At, int Minutes, IReadOnlyList<UsageWriter> Frontends, IReadOnlyList<string> Names,
        IReadOnlyList<long[]> Cells);

    [Fact]
    public async Task Document_is_readable_by_the_previous_release()
    {
        var frontend = _fleet.Start();
        frontend.Call(3, policy: "strict");
        frontend.End(20);
        await frontend.WriteAsync();
        var minute = _fleet.Time.NowMs / 60_000;
        var topic = $"usage/minutes/{minute / 60 % UsageStore.HourSlots:D2}";
        var number = Assert.Single(await _fleet.Files.Archive.NumbersAsync(topic, default));

        var content = (await _fleet.Files.Archive.ReadAsync(topic, [number], default))[number];
        var document = JsonSerializer.Deserialize<PreviousDocument>(content, JsonSerializerOptions.Web)!;

        // Its cells are four names and a count; it ignores what follows.
        var cell = Assert.Single(document.Cells);
        Assert.Equal(
            ("bot", "crm", "refund", "allowed", 3),
            (document.Names[(int)cell[0]], document.Names[(int)cell[1]], document.Names[(int)cell[2]],
                document.Names[(int)cell[3]], cell[4]));
    }

    [Fact]
    public void Percentiles_have_an_error_of_at_most_one_sixteenth()
    {
        for (var ms = 1L; ms < 4_000_000; ms += 1 + (ms / 50))
        {
            var counts = new DurationCounts();
            counts.Add(ms, isError: false);
            Assert.InRange(counts.Percentile(0.5)!.Value, ms * 0.9375, ms * 1.0625);
        }
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 1, 2, 3, -1)]
    [InlineData(0, 1, 2, 4, 7)]
    public async Task Damaged_cell_makes_the_document_a_gap(params long[] cell) => Assert.Empty(await ReadAsync(cell));

    [Fact]
    public async Task Minute_of_a_later_release_is_counted_in_the_hour()
    {
        await ReadAsync([0, 1, 2, 3, 7, 250]);
        await _fleet.Store.PutMinuteAsync((Hour * 60) + 1, UsageStore.NewRun(), Document([0, 1, 2, 3, 5]), default);

        var hour = UsageSum.Of(Hour, await _fleet.Store.ReadMinutesAsync(Hour, default), keysMax: 10);

        Assert.Equal(12, Assert.Single(hour.Counts()).Value);
    }

    private async Task<IReadOnlyList<UsageDocument>> ReadAsync(long[] cell)
    {
        await _fleet.Store.PutMinuteAsync(Hour * 60, UsageStore.NewRun(), Document(cell), default);
        return await _fleet.Store.ReadMinutesAsync(Hour, default);
    }

    private static UsageDocument Document(long[] cell) =>
        new(DateTimeOffset.FromUnixTimeSeconds(Hour * 3600), 1, [], ["agent", "crm", "find", "allowed"], [cell]);
}
