using Gateway.Hosting;
using System.CommandLine;

namespace Gateway.Server.Tests.Commands;

/// <summary>What the runbook and the console say is typed, so the command line has to understand it.</summary>
public sealed partial class ShownCommandTests
{
    [Fact]
    public async Task Understands_every_command_of_the_runbook()
    {
        var commands = Command().Matches(await File.ReadAllTextAsync(SourceTree.PathOf("docs", "how-to", "runbook.md")))
            .Select(match => match.Groups[1].Value.ReplaceLineEndings(" ")).Distinct().ToArray();

        Assert.True(commands.Length > 10, $"{commands.Length} commands");
        Assert.Empty(await WrongAsync(commands.Select(static command => (command, Words(command)))));
    }

    [Fact]
    public void Verb_and_options_that_a_document_names_in_its_text_exist()
    {
        var root = Root();
        string[] pages = ["README.md", "SECURITY.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];
        var shown = pages.Select(static page => SourceTree.PathOf(page))
            .Concat(Directory.GetFiles(SourceTree.PathOf("docs"), "*.md", SearchOption.AllDirectories))
            .SelectMany(static page => Inline().Matches(File.ReadAllText(page))
                .Select(match => (Page: Path.GetFileName(page), Text: match.Groups[1].Value))).ToArray();

        var wrong = shown.Where(one => !Exists(root, Words(one.Text.ReplaceLineEndings(" "))))
            .Select(static one => $"{one.Page}: gateway {one.Text}").Distinct().ToArray();

        Assert.True(shown.Length > 200, $"{shown.Length} commands");
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Understands_every_command_that_the_console_shows()
    {
        using var folder = new TestFolder();
        var files = new Dictionary<string, string>
        {
            ["x.json"] = """{ "version": "1", "default": "deny" }""",
            ["support.json"] = """{ "version": "1", "default": "deny" }""",
            ["vips.txt"] = "ana",
            ["tools.json"] = "[]",
        }.ToDictionary(static file => file.Key, file => folder.File(file.Key, file.Value));
        var pages = SourceTree.PathOf("src", "gateway", "Gateway.Admin", "Console", "wwwroot", "pages");
        var commands = Directory.GetFiles(pages, "*.js", SearchOption.AllDirectories)
            .SelectMany(static file => Shown().Matches(File.ReadAllText(file)))
            // What is put together from parts is left to the pages' own tests.
            .Where(static match => !match.Value.Contains('?', StringComparison.Ordinal))
            .Select(static match => match.Groups[1].Value.Replace("${since}", "1h", StringComparison.Ordinal))
            .SelectMany(static text => Hole().Replace(text, "x").Split(" && gateway "))
            .Select(static command => command.Split(" > ")[0]).Distinct().ToArray();

        Assert.True(commands.Length > 30, $"{commands.Length} commands");
        Assert.Empty(await WrongAsync(commands.Select(command =>
            (command, Words(command).Select(word => files.GetValueOrDefault(word, word)).ToArray()))));
    }

    /// <summary>
    /// Returns the commands that are not understood. All run in this process, against an address without a gateway: a
    /// command that is understood gets as far as that.
    /// </summary>
    private static async Task<List<string>> WrongAsync(IEnumerable<(string Command, string[] Words)> commands)
    {
        var root = Root();
        var wrong = new List<string>();
        foreach (var (command, words) in commands)
        {
            var parsed = root.Parse(
                [.. words, "--gateway", "http://127.0.0.1:1", "--admin-key", "no-gateway-has-this-key"]);
            if (parsed.Errors.Count > 0)
                wrong.Add($"gateway {command}: {string.Join(' ', parsed.Errors.Select(static one => one.Message))}");
            else if (await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null }) is var code
                && code != ExitCode.Unreachable)
                wrong.Add($"gateway {command}: exit code {code}");
        }

        return wrong;
    }

    private static RootCommand Root() => GatewayProgram.Commands(static () => new("gateway")
    {
        RunCommand.Create(ProgramExtensions.All),
        DemoCommand.Create(),
    });

    /// <summary>True if the words name a command of <paramref name="root"/>, and only options that it takes.</summary>
    private static bool Exists(Command root, string[] words)
    {
        var (command, isInVerb) = (root, true);
        foreach (var word in words)
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                if (!Names(command).Concat(Names(root)).Contains(word.Split('=')[0].TrimEnd(',')))
                    return false;
            }
            else if (isInVerb && command.Subcommands.FirstOrDefault(inner => inner.Name == word) is { } inner)
                command = inner;
            else
                isInVerb = command == root;
        }

        return command != root;
    }

    private static IEnumerable<string> Names(Command command) =>
        command.Options.SelectMany(static option => option.Aliases.Append(option.Name));

    private static string[] Words(string command) =>
        [.. Word().Matches(command).Select(match => match.Value.Trim('"'))];

    // Those that work on files alone have tests of their own.
    [GeneratedRegex(@"`gateway (?!policy\b|repair\b)([^`]+)`")]
    private static partial Regex Command();

    // `gateway` alone is the program, and `gateway stdio|run` a list of verbs.
    [GeneratedRegex(@"`gateway ([a-z-][^`|]*)`")]
    private static partial Regex Inline();

    // The log is verified where it lies, and a password is asked for before anybody is.
    [GeneratedRegex("""command=(?:\$\{`|")gateway (?!audit verify|[^"`]*--password)((?:\$\{[^}]*\}|[^"`])+)[`"]""")]
    private static partial Regex Shown();

    [GeneratedRegex("""\$\{[^}]*\}""")]
    private static partial Regex Hole();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
