using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands;

/// <summary>
/// The errors of a command line, each reported once, in the user's terms. The parser's own messages mention types of
/// this program but no options.
/// </summary>
internal static partial class WrongCommandLine
{
    public static int Say(ParseResult parsed)
    {
        // If a verb does not exist, the parser also reports a missing verb, which adds nothing.
        var errors = parsed.UnmatchedTokens.Count == 0
            ? parsed.Errors
            : parsed.Errors.Where(error => error.SymbolResult != parsed.CommandResult
                || parsed.CommandResult.Command.Subcommands.Count == 0
                || parsed.UnmatchedTokens.Any(token => error.Message.Contains(token, StringComparison.Ordinal)));
        foreach (var message in errors.Select(Words).Distinct())
            Console.Error.WriteLine(VisibleText.Of(message));
        var command = Meant(parsed);
        var verbs = command.Command.Subcommands.Select(static one => one.Name);
        if (parsed.UnmatchedTokens is [var written, ..] && Spelling.Nearest(written, verbs) is { } meant)
        {
            Console.Error.WriteLine($"Did you mean \"{meant}\"?");
        }

        Console.Error.WriteLine($"See: {Verb(command)} --help");
        return ExitCode.Usage;
    }

    /// <summary>
    /// Returns the command that the first unknown word belongs to. The parser reads on after that word and may find a
    /// verb.
    /// </summary>
    private static CommandResult Meant(ParseResult parsed)
    {
        var result = parsed.CommandResult;
        var words = parsed.Tokens.Select(static token => token.Value).ToList();
        while (result.Parent is CommandResult parent && parsed.UnmatchedTokens is [var written, ..]
            && words.IndexOf(written) < words.IndexOf(result.Command.Name))
        {
            result = parent;
        }

        return result;
    }

    private static string Words(ParseError error)
    {
        if (NoneOf().Match(error.Message) is { Success: true } none)
        {
            var known = Quoted().Matches(none.Groups["known"].Value).Select(static one => one.Groups[1].Value);
            return $"{Subject(error)} must be one of {string.Join(", ", known)}, not \"{none.Groups["value"]}\".";
        }

        if (NoSuch().Match(error.Message) is not { Success: true } match)
            return error.Message;
        var value = match.Groups["value"].Value;
        if (value.Length == 0)
            return $"{Subject(error)} is empty; write a value.";
        var whole = match.Groups["type"].Value.Contains("Int", StringComparison.Ordinal) ? "whole " : "";
        return $"{Subject(error)} must be a {whole}number, not \"{value}\".";
    }

    /// <summary>Returns the option or argument that the value belongs to.</summary>
    private static string Subject(ParseError error) => error.SymbolResult switch
    {
        OptionResult option => option.Option.Name,
        ArgumentResult { Parent: OptionResult option } => option.Option.Name,
        ArgumentResult argument => $"The {argument.Argument.Name}",
        _ => "A value",
    };

    /// <summary>Returns the words of a command, including the program's name.</summary>
    public static string Verb(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Verb(parent)} {result.Command.Name}" : result.Command.Name;

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for .* as expected type '(?<type>.*)'",
        RegexOptions.Singleline)]
    private static partial Regex NoSuch();

    [GeneratedRegex("^Argument '(?<value>.*)' not recognized. Must be one of:(?<known>.*)$", RegexOptions.Singleline)]
    private static partial Regex NoneOf();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
