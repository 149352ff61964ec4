using Gateway.Classifier;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>The scan over the written attacks and harmless definitions of load-tests/catalogue.</summary>
public sealed class FindingFiguresTests
{
    [Fact]
    public void The_scan_finds_57_of_60_attacks_of_the_part_dev_and_blocks_nothing_harmless()
    {
        var figures = new FindingFigures();
        figures.AddCorpus(Path.Combine(AppContext.BaseDirectory, "Classifying", "attacks.jsonl"));
        figures.AddCorpus(Path.Combine(AppContext.BaseDirectory, "Classifying", "harmless.jsonl"));

        var (attacks, found, falselyBlocked) = figures.Development;

        Assert.Equal(60, attacks);
        Assert.True(found >= 57, $"{found} of {attacks}{Environment.NewLine}{figures.Errors()}");
        Assert.Equal(0, falselyBlocked);
    }
}
