namespace Gateway.Usage.Tests.Counting;

public sealed class UsageCountsTests
{
    private static readonly long NowMs = DateTimeOffset.Parse("2026-11-20T10:30:05Z").ToUnixTimeMilliseconds();

    [Fact]
    public void Counts_each_decision_of_many_threads_once()
    {
        var counts = new UsageCounts(new UsageOptions());

        Parallel.For(0, 40_000, i => counts.Count(
            $"g{i % 7}", "crm", $"t{i % 13}", i % 2 == 0 ? null : RefusalCategory.RateLimited, NowMs + (i * 10)));

        var pages = counts.Pages(NowMs + 400_000);
        Assert.Equal(40_000, pages.Sum(static page => page.Read().Sum));
        Assert.Equal(20_000, pages.SelectMany(static page => page.Read().Cells)
            .Where(static cell => cell.Key.Outcome == "allowed").Sum(static cell => cell.Value));
    }

    [Fact]
    public void Counts_keys_beyond_the_bound_together_but_for_their_outcome()
    {
        var options = new UsageOptions { KeysMax = 3 };
        var counts = new UsageCounts(options);

        for (var i = 0; i < 100; i++)
            counts.Count($"g{i}", "crm", "t", i % 2 == 0 ? null : RefusalCategory.Denied, NowMs);

        var cells = Assert.Single(counts.Pages(NowMs)).Read().Cells.ToDictionary();
        Assert.Equal(5, cells.Count);
        Assert.Equal(48, cells[new(UsageCounts.Other, UsageCounts.Other, UsageCounts.Other, "allowed")]);
        Assert.Equal(49, cells[new(UsageCounts.Other, UsageCounts.Other, UsageCounts.Other, "denied")]);
    }

    [Fact]
    public void Gives_a_key_that_found_no_room_one_in_the_next_minute()
    {
        var counts = new UsageCounts(new UsageOptions { KeysMax = 1 });
        counts.Count("a", "crm", "t", null, NowMs);
        counts.Count("b", "crm", "t", null, NowMs);

        counts.Count("b", "crm", "t", null, NowMs + 60_000);

        Assert.Equal("b", Assert.Single(counts.Pages(NowMs + 60_000)[1].Read().Cells).Key.Grant);
    }

    [Fact]
    public void Keeps_no_name_that_is_as_long_as_a_body()
    {
        var counts = new UsageCounts(new UsageOptions());

        counts.Count("bot", "crm", new string('x', 1_000_000), null, NowMs);

        Assert.Equal(UsageCounts.Other, Assert.Single(Assert.Single(counts.Pages(NowMs)).Read().Cells).Key.Tool);
    }

    [Fact]
    public void Holds_an_hour_for_a_store_that_is_away_and_says_what_it_lost_then()
    {
        var counts = new UsageCounts(new UsageOptions());
        for (var minute = 0; minute < 65; minute++)
            counts.Count("bot", "crm", "t", null, NowMs + (minute * 60_000));

        Assert.Equal(60, counts.Pages(NowMs).Count);
        Assert.Equal(5, counts.Lost);
    }

    [Fact]
    public void Allocates_nothing_for_a_key_that_it_knows()
    {
        var counts = new UsageCounts(new UsageOptions());
        counts.Count("bot", "crm", "t", null, NowMs);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            counts.Count("bot", "crm", "t", null, NowMs);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
