using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>
/// Options of all verbs that use a running gateway. They may also precede the verb, as in <c>gateway --json status</c>:
/// the parser has one result for an option, at whichever command it was written.
/// </summary>
internal static class GlobalOptions
{
    private static readonly Option[] All =
        [GatewayChoice.Gateway, GatewayChoice.Key, GatewayChoice.Context, Output.FormatOption, Output.JsonOption];

    /// <summary>Returns true if many verbs share this option, and the command only groups verbs.</summary>
    public static bool IsOn(Command command, Option option) =>
        command.Subcommands.Count > 0 && All.Contains(option);

    /// <summary>Adds the options of its verbs to each group.</summary>
    public static void AddTo(Command group)
    {
        foreach (var inner in group.Subcommands)
            AddTo(inner);
        if (group.Subcommands.Count == 0)
            return;
        foreach (var option in All.Where(option => group.Subcommands.Any(inner => inner.Options.Contains(option))))
            group.Options.Add(option);
    }

    /// <summary>Returns the exit code after an error message; null if the verb has each given option.</summary>
    public static int? Misplaced(ParseResult parsed)
    {
        var verb = parsed.CommandResult.Command;
        // Help and completion are actions of their own, to which options do not matter.
        if (parsed.Action != verb.Action
            || All.FirstOrDefault(option =>
                parsed.GetResult(option) is { Implicit: false } && !verb.Options.Contains(option)) is not { } wrong)
        {
            return null;
        }

        Console.Error.WriteLine($"{wrong.Name} before the verb is not an option of \"{verb.Name}\".");
        Console.Error.WriteLine($"See: {WrongCommandLine.Verb(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }
}
