using System.CommandLine;
using Gateway.Hosting;

namespace Gateway.Server.Tests.Commands;

public sealed class CommandReferenceTests
{
    [Fact]
    public void The_page_of_commands_says_what_the_commands_are()
    {
        var page = SourceTree.PathOf("docs", "reference", "commands.md");
        var now = CommandReference.Write();
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1") File.WriteAllText(page, now);

        Assert.Equal(now.Split('\n'), File.ReadAllText(page).Split('\n'));
    }

    [Fact]
    public void Only_the_verbs_of_a_command_line_are_created()
    {
        var all = GatewayProgram.Commands(static () => []);
        foreach (var verb in all.Subcommands)
        {
            var root = GatewayProgram.Commands(static () => [], ["--no-color", verb.Name, "--json"]);
            Assert.Equal(Words(verb), Words(Assert.Single(root.Subcommands)));
        }

        Assert.Empty(GatewayProgram.Commands(static () => [], ["run", "--stat"]).Subcommands);
    }

    private static IEnumerable<string> Words(Command verb) =>
    [
        verb.Name,
        .. verb.Options.SelectMany(static option => option.Aliases.Prepend(option.Name)),
        .. verb.Subcommands.SelectMany(Words),
    ];
}
