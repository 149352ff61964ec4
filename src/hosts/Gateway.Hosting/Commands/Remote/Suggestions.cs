using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// The completions for the shell: verbs or names alone where one is expected; options after a dash, or where nothing
/// else can follow.
/// </summary>
internal sealed class Suggestions(SuggestDirective directive) : SynchronousCommandLineAction
{
    /// <summary>True, because an incomplete command line is not an error here.</summary>
    public override bool ClearsParseErrors => true;

    public static void AddTo(RootCommand root)
    {
        foreach (var directive in root.Directives.OfType<SuggestDirective>())
            directive.Action = new Suggestions(directive);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(static token => token.Type != TokenType.Directive)?.Value ?? "";
        var asked = parseResult.GetResult(directive)!.Values.SingleOrDefault();
        var cursor = Math.Clamp(int.TryParse(asked, out var at) ? at : line.Length, 0, line.Length);
        var completed = parseResult.RootCommandResult.Command.Parse(line, parseResult.Configuration);
        var all = completed.GetCompletions(cursor).Select(static item => item.Label).ToList();
        var begun = line[(line.LastIndexOf(' ', Math.Max(cursor - 1, 0)) + 1)..cursor];
        if (!IsOption(begun) && IsNameExpected(completed.CommandResult, all))
            all.RemoveAll(IsOption);
        foreach (var label in all)
            parseResult.InvocationConfiguration.Output.WriteLine(label);
        return ExitCode.Well;
    }

    private static bool IsNameExpected(CommandResult verb, List<string> all) =>
        verb.Command.Subcommands.Count > 0
        || verb.Command.Arguments.Any(argument =>
            (verb.GetResult(argument)?.Tokens.Count ?? 0) < argument.Arity.MinimumNumberOfValues)
        || !all.TrueForAll(IsOption);

    private static bool IsOption(string text) => text.StartsWith('-') || text is "/?" or "/h";
}
