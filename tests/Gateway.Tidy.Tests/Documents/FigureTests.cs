namespace Gateway.Tidy.Tests.Documents;

public sealed class FigureTests
{
    [Fact]
    public void Figures_of_speed_and_memory_stand_in_one_document() => Offence.AssertNone(Repository.Files
        .Where(FigureRules.Covers)
        .SelectMany(path => FigureRules.Figures(path, Repository.Read(path))));

    [Theory]
    [InlineData("One silo decided 158,000 calls a second on one counter.")]
    [InlineData("It hands out 6,000\npermits a second.")]
    [InlineData("a counter takes some\n5 kB of its silo")]
    [InlineData("A counter took 197 bytes.")]
    public void Catches_a_figure_elsewhere(string text) =>
        Assert.Single(FigureRules.Figures("src/Planted/README.md", text));

    [Theory]
    [InlineData("At 60 calls a second, for 65 minutes.")]
    [InlineData("A policy lets 10 calls a minute through.")]
    [InlineData("What a counter takes is in the other document.")]
    public void Leaves_other_numbers_alone(string text) =>
        Assert.Empty(FigureRules.Figures("src/Planted/README.md", text));

    [Theory]
    [InlineData("README.md", true)]
    [InlineData("src/hosts/Gateway.Cluster/README.md", true)]
    [InlineData("docs/how-to/operations.md", true)]
    [InlineData("docs/engineering/performance.md", false)]
    [InlineData("tests/chart/alerts.yaml", false)]
    public void Looks_at_every_document_but_their_own(string path, bool isLookedAt) =>
        Assert.Equal(isLookedAt, FigureRules.Covers(path));
}
