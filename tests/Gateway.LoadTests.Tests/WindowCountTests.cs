using Gateway.LoadTests.Limiters;

namespace Gateway.LoadTests.Tests;

public sealed class WindowCountTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    [Fact]
    public void Counts_calls_by_windows_of_true_time()
    {
        var counts = WindowCount.Of([At(1), At(9.9), At(11), At(35)], Window, 2);

        Assert.Equal([2, 1, 0, 1], counts);
        Assert.Equal(0, WindowCount.Over(counts, 2));
    }

    [Fact]
    public void Finds_what_is_over_the_limit()
    {
        var counts = WindowCount.Of([At(1), At(2), At(3), At(11), At(12), At(13), At(14)], Window, 2);

        Assert.Equal(3, WindowCount.Over(counts, 2));
    }

    [Fact]
    public void Counts_a_call_just_after_an_edge_in_the_window_before_only_while_that_has_room()
    {
        Assert.Equal([2, 2], WindowCount.Of([At(1), At(10.1), At(10.1), At(12)], Window, 2));
        Assert.Equal([2, 3], WindowCount.Of([At(1), At(2), At(10.1), At(10.1), At(12)], Window, 2));
    }

    [Fact]
    public void Counts_nothing_where_nothing_came() => Assert.Empty(WindowCount.Of([], Window, 2));

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(1_000_000 + seconds);
}
