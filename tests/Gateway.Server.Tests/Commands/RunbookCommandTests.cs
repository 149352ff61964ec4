namespace Gateway.Server.Tests.Commands;

/// <summary>Whoever is woken types what the runbook says, so the command line has to understand it.</summary>
public sealed partial class RunbookCommandTests
{
    [Fact]
    public async Task Understands_every_command_of_the_runbook()
    {
        var commands = Command().Matches(await File.ReadAllTextAsync(SourceTree.PathOf("docs", "use", "runbook.md")))
            .Select(match => match.Groups[1].Value.ReplaceLineEndings(" ")).Distinct().ToArray();
        // Where no gateway is: a command that is understood gets as far as that.
        var cli = new Cli(Path.GetTempPath(), adminKey: "no-gateway-has-this-key");

        Assert.True(commands.Length > 10, $"{commands.Length} commands");
        foreach (var command in commands)
        {
            var run = await cli.RunAsync(Words(command));
            Assert.True(run.ExitCode == ExitCode.Unreachable, $"gateway {command}: {run.ExitCode} {run.Errors}");
        }
    }

    private static string[] Words(string command) =>
        [.. Word().Matches(command).Select(match => match.Value.Trim('"'))];

    // Those that work on files alone have tests of their own.
    [GeneratedRegex(@"`gateway (?!policy\b)([^`]+)`")]
    private static partial Regex Command();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
