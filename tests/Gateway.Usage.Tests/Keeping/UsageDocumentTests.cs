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
