using System.CommandLine;
using System.CommandLine.Help;
using Gateway.Hosting;
using Gateway.Hosting.Commands.Verbs;

namespace Gateway.Server.Tests.Commands;

/// <summary>The page of all commands, written from their definitions.</summary>
internal static class CommandReference
{
    // What so many commands take in the same words stands once.
    private const int SharedBy = 8;

    private const string Head = """
        # Commands
        Every command of `gateway`, as its `--help` says. A test compares this page with the definitions;
        `GATEWAY_UPDATE=1 dotnet test tests/Gateway.Server.Tests --filter CommandReferenceTests` writes it anew. What the
        options of `gateway run` mean together is in `docs/reference/configuration.md`.
        """;

    public static string Write()
    {
        var root = GatewayProgram.Commands(static () => new("An MCP gateway with exact, fleet-wide rate limits.")
        {
            RunCommand.Create(ProgramExtensions.All),
            DemoCommand.Create(),
        });
        var page = new StringBuilder(Head);
        var shared = Commands(root).SelectMany(Rows).CountBy(row => row).Where(row => row.Value >= SharedBy)
            .Select(row => row.Key).ToArray();
        page.Append("\n\n## All commands take\n");
        Table(page, "option", root.Options.Where(option => option.Recursive).Select(Row));
        page.Append("\n## Commands that ask a running gateway take\n");
        Table(page, "option", shared);
        foreach (var command in root.Subcommands.OrderBy(command => command.Name, StringComparer.Ordinal))
            Describe(page, command, "gateway", shared);
        return page.ToString();
    }

    private static void Describe(StringBuilder page, Command command, string parent, string[] shared)
    {
        if (command.Hidden) return;
        var name = $"{parent} {command.Name}";
        page.Append('\n').Append(parent == "gateway" ? "## " : "### ").Append(name).Append('\n')
            .Append(Line(command.Description)).Append('\n');
        Table(page, "argument", command.Arguments.Where(argument => !argument.Hidden).Select(Row));
        string[] rows = [.. Rows(command)];
        Table(page, "option", rows.Except(shared));
        string[] asks = [.. rows.Intersect(shared).Select(row => row.Split(' ', '`')[1])];
        if (asks.Length > 0) page.Append($"\nAsks a running gateway: takes `{string.Join("`, `", asks)}`.\n");
        foreach (var inner in command.Subcommands.OrderBy(inner => inner.Name, StringComparer.Ordinal))
            Describe(page, inner, name, shared);
    }

    private static IEnumerable<Command> Commands(Command command) =>
        command.Subcommands.SelectMany(Commands).Append(command);

    private static IEnumerable<string> Rows(Command command) => command.Options
        .Where(option => option is { Hidden: false, Recursive: false } and not HelpOption
            && !GlobalOptions.IsOn(command, option)).Select(Row);

    private static void Table(StringBuilder page, string kind, IEnumerable<string> rows)
    {
        string[] all = [.. rows];
        if (all.Length > 0)
            page.Append($"\n| {kind} | what |\n|---|---|\n").AppendJoin("", all.Select(row => $"| {row} |\n"));
    }

    private static string Row(System.CommandLine.Argument argument) =>
        $"`<{argument.HelpName ?? argument.Name}>`{(argument.Arity.MinimumNumberOfValues == 0 ? " (optional)" : "")} | "
        + Line(argument.Description);

    private static string Row(Option option)
    {
        var value = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool)
            ? $" <{option.HelpName ?? option.Name.TrimStart('-')}>"
            : "";
        var names = string.Join("`, `", option.Aliases.Where(alias => alias[0] == '-').Prepend(option.Name));
        return $"`{names}{value}`{(option.Required ? " (required)" : "")} | {Line(option.Description)}";
    }

    private static string Line(string? description) =>
        string.Join(' ', (description ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Replace("|", "\\|", StringComparison.Ordinal);
}
