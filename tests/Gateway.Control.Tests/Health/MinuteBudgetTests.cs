namespace Gateway.Control.Tests.Health;

public sealed class MinuteBudgetTests
{
    private const long Minute = 60_000;

    [Fact]
    public void Lets_the_first_of_a_minute_through_and_counts_the_others()
    {
        var budget = new MinuteBudget<string>(linesMax: 1, keysMax: 10);
        Assert.True(budget.TryTake("a", 0, out _));
        for (var time = 1; time < 1000; time++)
            Assert.False(budget.TryTake("a", time, out _));
        Assert.True(budget.TryTake("b", 1000, out var ofOther));

        Assert.True(budget.TryTake("a", Minute, out var swallowed));

        Assert.Equal((0, 999), (ofOther, swallowed));
    }

    [Fact]
    public void Is_bounded_in_a_flood_of_keys_and_still_counts()
    {
        var budget = new MinuteBudget<int>(linesMax: 1, keysMax: 10);
        var lines = Enumerable.Range(0, 1000).Count(key => budget.TryTake(key, 5, out _));

        // Ten keys of their own, and one line for all others.
        Assert.Equal(11, lines);
        Assert.True(budget.TryTake(5000, Minute + 5, out _));
    }

    [Fact]
    public void Goes_on_after_a_clock_that_was_set_back()
    {
        var budget = new MinuteBudget<string>(linesMax: 1, keysMax: 10);
        Assert.True(budget.TryTake("a", 10 * Minute, out _));

        Assert.True(budget.TryTake("a", Minute, out _));
    }
}
