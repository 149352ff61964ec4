using Gateway.LoadTests.Table;

namespace Gateway.LoadTests.Tests.Table;

public sealed class TableReasonsTests
{
    [Fact]
    public void Reads_a_reason_a_line()
    {
        var reasons = TableReasons.Read(["# for people", "", "hot: of 1: 2"]);

        Assert.Equal("of 1: 2", Assert.Single(reasons, one => one.Key == TableRows.Hot).Value);
    }

    [Theory]
    [InlineData("hott: x")]
    [InlineData("hot")]
    public void Refuses_a_reason_of_no_row(string line) =>
        Assert.Throws<FormatException>(() => TableReasons.Read([line]));

    [Fact]
    public void Refuses_two_reasons_of_one_row() =>
        Assert.Throws<FormatException>(() => TableReasons.Read(["hot: x", "hot: y"]));
}
