namespace Gateway.Tidy.Tests.Documents;

/// <summary>
/// Every block of commands is run by <c>DocumentedCommandTests</c>, or a comment above it says why no test runs it.
/// </summary>
public sealed class CommandBlockTests
{
    private const string NotRun = "<!-- not run: ";

    private static IEnumerable<string> Documents => Repository.Files.Where(static path =>
        path.EndsWith(".md", StringComparison.Ordinal) && path != "CHANGELOG.md"
        && (!path.Contains('/') || Repository.IsUnder(path, "docs") || Repository.IsUnder(path, "src")
            || Repository.IsUnder(path, "deploy")));

    [Fact]
    public void Block_names_its_language_and_is_run_or_says_why_not() =>
        Offence.AssertNone(Documents.SelectMany(static path => Check(path, Repository.Read(path))));

    [Theory]
    [InlineData("README.md", "```sh\na\n```\n", 0)]
    [InlineData("README.md", "```\na\n```\n", 1)]
    [InlineData("README.md", "```bash\na\n```\n", 1)]
    [InlineData("src/A/README.md", "```sh\na\n```\n", 1)]
    [InlineData("src/A/README.md", "<!-- not run: needs Kubernetes -->\n```sh\na\n```\n", 0)]
    [InlineData("src/A/README.md", "<!-- not run: needs Kubernetes -->\n\n```sh\na\n```\n", 1)]
    [InlineData("docs/how-to/a.md", "1. a\n   ```json\n   {}\n   ```\n", 0)]
    public void Catches_a_block_that_nothing_runs(string path, string text, int offences) =>
        Assert.Equal(offences, Check(path, text).Count());

    private static IEnumerable<Offence> Check(string path, string text)
    {
        var lines = text.Split('\n');
        var (isOpen, before) = (false, "");
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at].Trim();
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                before = line;
                continue;
            }

            isOpen = !isOpen;
            if (!isOpen)
                continue;
            var language = line[3..];
            if (language.Length == 0)
                yield return new(path, at + 1, "the block does not name its language");
            else if (language is "bash" or "shell")
                yield return new(path, at + 1, "the block's language is sh, or console for commands with their output");
            else if (language is "sh" or "console" && !IsRun(path)
                && !before.StartsWith(NotRun, StringComparison.Ordinal))
                yield return new(path, at + 1, $"no test runs this block; say why: {NotRun}REASON -->");
        }
    }

    /// <summary>The documents of which <c>DocumentedCommandTests</c> runs every other block.</summary>
    private static bool IsRun(string path) => path == "README.md" || Repository.IsUnder(path, "docs");
}
