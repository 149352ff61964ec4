namespace Gateway.Server.Tests.Commands;

/// <summary>The page about configuration and <c>gateway run --help</c> name the same options.</summary>
public sealed partial class RunHelpTests
{
    [Fact]
    public async Task Lists_the_options_that_the_page_about_configuration_lists()
    {
        var page = await File.ReadAllTextAsync(SourceTree.PathOf("docs", "use", "configuration.md"));
        var section = page.Split("\n## ").Single(part => part.StartsWith("gateway run\n", StringComparison.Ordinal));

        var help = await new Cli(Path.GetTempPath()).RunAsync("run", "--help");

        Assert.Equal(ExitCode.Well, help.ExitCode);
        Assert.Equal(
            Helped().Matches(help.Output).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal),
            Listed().Matches(section).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^  (--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Helped();

    [GeneratedRegex(@"^\| `(--[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
