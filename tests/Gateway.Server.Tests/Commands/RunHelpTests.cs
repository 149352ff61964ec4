namespace Gateway.Server.Tests.Commands;

/// <summary>The page about configuration and <c>gateway run --help</c> name the same options and defaults.</summary>
public sealed partial class RunHelpTests
{
    [Fact]
    public async Task Lists_the_options_variables_and_defaults_that_the_page_about_configuration_lists()
    {
        var page = await File.ReadAllTextAsync(SourceTree.PathOf("docs", "reference", "configuration.md"));
        var section = page.Split("\n## ").Single(part => part.StartsWith("gateway run\n", StringComparison.Ordinal));

        var help = await new Cli(Path.GetTempPath()).RunAsync("run", "--help");

        Assert.Equal(ExitCode.Well, help.ExitCode);
        var listed = Listed().Matches(section).ToDictionary(match => match.Groups[1].Value);
        var helped = Helped().Matches(help.Output).ToDictionary(match => match.Groups[1].Value);
        Assert.Equal(helped.Keys.Order(StringComparer.Ordinal), listed.Keys.Order(StringComparer.Ordinal));
        Assert.All(helped, option =>
        {
            var row = listed[option.Key].Groups;
            Assert.Equal((option.Key, option.Value.Groups[2].Value), (option.Key, row[2].Value));
            if (option.Value.Groups[3] is { Success: true, Value: var otherwise })
                Assert.Equal((option.Key, otherwise), (option.Key, row[3].Value));
        });
    }

    [GeneratedRegex(
        @"^  (--[a-z-]+)[^\n]*?(?:\((GATEWAY_[A-Z_]+)\))?(?: \[default: ([^\n]*)\])?\r?$", RegexOptions.Multiline)]
    private static partial Regex Helped();

    [GeneratedRegex(@"^\| `(--[a-z-]+)` \| (?:`([A-Z_]+)` )?\|.*\| `?(.*?)`? \|$", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
