using Gateway.LoadTests.Measuring;
using Gateway.LoadTests.Table;

namespace Gateway.LoadTests.Tests.Table;

public sealed class TableTextTests
{
    private static readonly Dictionary<string, string> Reasons = new() { [TableRows.Stream] = "because" };

    [Fact]
    public void Says_of_every_goal_whether_it_is_met_and_gives_the_reason_only_where_it_is_missed()
    {
        Assert.Contains("| memory of an idle stream | ≤ 15 kB | 20.0 (18.0 to 30.0) kB | no: because |",
            Page(new Measured(TableRows.Stream, new("", [30, 18, 20]))), StringComparison.Ordinal);
        Assert.Contains("| memory of an idle stream | ≤ 15 kB | 14.0 (12.0 to 30.0) kB | yes |",
            Page(new Measured(TableRows.Stream, new("", [30, 12, 14]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_row_that_was_not_measured() =>
        Assert.Contains("| time to create a grant by the API, per 10,000 of 100,000 | ≤ 2 ms | not measured |  |",
            Page(), StringComparison.Ordinal);

    [Fact]
    public void Shows_the_build_before_only_where_one_was_measured()
    {
        var stream = new Measured(TableRows.Stream, new("", [14]), new("", [0.5]));

        Assert.Contains(
            "| 14.0 (14.0 to 14.0) kB | 0.50 (0.50 to 0.50) | yes |", Page(stream), StringComparison.Ordinal);
        Assert.DoesNotContain("× the build before", Page(stream with { OfBefore = null }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TableRows.Hot, 8.0, 20.0, true)]
    [InlineData(TableRows.Hot, 7.9, 7.9, false)]
    [InlineData(TableRows.Steady, 1.0, 4.0, true)]
    [InlineData(TableRows.Steady, 1.0, 4.1, false)]
    public void Uses_the_median_or_the_worst_round(string key, double one, double other, bool isMet) =>
        Assert.Equal(isMet, TableRows.All.Single(row => row.Key == key).IsMet(new Series("", [one, one, other])));

    [Fact]
    public void Takes_no_more_than_sixty_lines() => Assert.InRange(Page().Split('\n').Length, 1, 60);

    private static string Page(params Measured[] measured) => TableText.Of(measured, Reasons, "Written by a test.");
}
