using System.CommandLine;
using System.CommandLine.Help;
using Gateway.Hosting;
using Gateway.Hosting.Commands.Verbs;

namespace Gateway.Server.Tests.Commands;

/// <summary>The page of all commands, generated from their definitions: a line for each with its usage.</summary>
internal static class CommandReference
{
    /// <summary>An option that at least this many commands have is described on the page.</summary>
    private const int SharedBy = 3;

    private const string Head = """
        # Commands
        `gateway VERB --help` describes the options of a command and shows examples; `gateway man` prints all of it. The options
        of `gateway run` are in `docs/reference/configuration.md`. Options in brackets are optional.

        """;

    public static string Write()
    {
        var root = GatewayProgram.Commands(static () => new("An MCP gateway with exact, fleet-wide rate limits.")
        {
            RunCommand.Create(ProgramExtensions.All),
            DemoCommand.Create(),
        });
        var status = root.Subcommands.Single(static command => command.Name == "status");
        var remote = status.Options.Where(option => IsListed(status, option)).ToHashSet();
        var page = new StringBuilder(Head).Append("\n## Common options\n\n| option | meaning |\n|---|---|\n");
        foreach (var option in root.Options.Where(static option => option.Recursive))
            page.Append(Row(option));
        page.Append("\nCommands that contact a running gateway, marked with →, also take:\n\n")
            .Append("| option | meaning |\n|---|---|\n").AppendJoin("", remote.Select(Row))
            .Append("\nIn several commands:\n\n| option | meaning |\n|---|---|\n");
        page.AppendJoin("", Leaves(root)
            .SelectMany(command => command.Options.Where(option => IsListed(command, option)))
            .Where(option => !remote.Contains(option)).CountBy(Row).Where(static row => row.Value >= SharedBy)
            .Select(static row => row.Key));
        foreach (var command in root.Subcommands.Where(static one => !one.Hidden)
            .OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            page.Append($"\n## gateway {command.Name}\n");
            if (command.Subcommands.Count > 0)
                page.Append(Summary(command)).Append('\n');
            page.Append('\n');
            Describe(page, command, "gateway", remote);
        }

        return page.ToString();
    }

    private static void Describe(StringBuilder page, Command command, string parent, HashSet<Option> remote)
    {
        if (command.Hidden) return;
        var name = $"{parent} {command.Name}";
        if (command.Action is not null)
        {
            var isRemote = command.Options.Any(remote.Contains);
            var words = command.Arguments.Where(static one => !one.Hidden).Select(Usage);
            if (command.Name != "run")
            {
                words = words.Concat(command.Options
                    .Where(option => IsListed(command, option) && !remote.Contains(option)).Select(Usage));
            }

            page.Append($"- `{string.Join(' ', words.Prepend(name))}`{(isRemote ? " →" : "")} {Summary(command)}\n");
        }

        foreach (var inner in command.Subcommands.OrderBy(static inner => inner.Name, StringComparer.Ordinal))
            Describe(page, inner, name, remote);
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Where(static inner => !inner.Hidden).SelectMany(Leaves).Append(command);

    private static bool IsListed(Command command, Option option) =>
        option is { Hidden: false, Recursive: false } and not HelpOption && !GlobalOptions.IsOn(command, option);

    private static string Usage(System.CommandLine.Argument argument)
    {
        var name = (argument.HelpName ?? argument.Name).ToUpperInvariant()
            + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Usage(Option option) => option.Required ? Written(option) : $"[{Written(option)}]";

    private static string Written(Option option) => option.Name + (TakesValue(option) ? $" {Value(option)}" : "");

    private static bool TakesValue(Option option) =>
        option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static string Value(Option option) => option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant();

    private static string Row(Option option)
    {
        var names = string.Join("`, `", option.Aliases.Where(static alias => alias[0] == '-').Prepend(option.Name));
        return $"| `{names}{(TakesValue(option) ? $" {Value(option)}" : "")}` | {Line(option.Description)} |\n";
    }

    /// <summary>The first sentence of the description.</summary>
    private static string Summary(Command command)
    {
        var text = Line(command.Description);
        var end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }

    private static string Line(string? description) =>
        string.Join(' ', (description ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Replace("|", "\\|", StringComparison.Ordinal);
}
