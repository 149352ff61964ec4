namespace Gateway.Tidy.Tests.Architecture;

public sealed class TermTests
{
    [Fact]
    public void Code_has_no_rejected_word() => Offence.AssertNone(Repository.Sources
        .Where(static file => Path.GetFileName(file.Path) != "TermTests.cs").SelectMany(TermRules.Of));

    [Fact]
    public void Documents_and_the_console_have_no_rejected_word() => Offence.AssertNone(
        Repository.Files.Where(IsProse).Except(["docs/engineering/terms.md", "CHANGELOG.md"])
            .SelectMany(static path => TermRules.Of(path, Repository.Read(path))));

    [Theory]
    [InlineData("JudgedCall", "judged")]
    [InlineData("_shelves of things", "shelves")]
    [InlineData("isLegacyEra", "era")]
    [InlineData("Telling the tallies", "tallies")]
    [InlineData("operation", null)]
    [InlineData("generational", null)]
    public void Words_of_an_identifier_or_a_sentence_are_compared_whole(string text, string? found) =>
        Assert.Equal(found, TermRules.Words(text).FirstOrDefault());

    private static bool IsProse(string path) =>
        !path.Contains("/vendor/", StringComparison.Ordinal) && !path.Contains("node_modules", StringComparison.Ordinal)
        && (path.EndsWith(".md", StringComparison.Ordinal)
            || (path.EndsWith(".js", StringComparison.Ordinal) && Repository.IsUnder(path, "src")));
}
