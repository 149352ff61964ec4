using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>
/// Options of all verbs that use a running gateway. They may stand before the verb too: <c>gateway --json status</c>.
/// The parser has one result for an option, at whichever command it was written.
/// </summary>
internal static class GlobalOptions
{
    private static readonly Option[] All =
        [GatewayChoice.Gateway, GatewayChoice.Key, GatewayChoice.Context, Output.FormatOption, Output.JsonOption];

    /// <summary>Whether this is an option of many verbs, added to a command that only groups them.</summary>
    public static bool IsOn(Command command, Option option) =>
        command.Subcommands.Count > 0 && All.Contains(option);

    /// <summary>Adds to each group of verbs the options that a verb in it has.</summary>
    public static void AddTo(Command group)
    {
        foreach (var inner in group.Subcommands)
            AddTo(inner);
        if (group.Subcommands.Count == 0)
            return;
        foreach (var option in All.Where(option => group.Subcommands.Any(inner => inner.Options.Contains(option))))
            group.Options.Add(option);
    }

    /// <summary>The exit code after an error message; null where each option is one of the verb.</summary>
    public static int? Misplaced(ParseResult parsed)
    {
        var verb = parsed.CommandResult.Command;
        // Help and completion are actions of their own, which no option disturbs.
        if (parsed.Action != verb.Action
            || All.FirstOrDefault(option =>
                parsed.GetResult(option) is { Implicit: false } && !verb.Options.Contains(option)) is not { } wrong)
        {
            return null;
        }

        Console.Error.WriteLine($"{wrong.Name} before the verb is no option of \"{verb.Name}\".");
        Console.Error.WriteLine($"See: {WrongCommandLine.Verb(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }
}
