using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Gateway.Mcp;
using Gateway.Policy.Documents;
using Gateway.Server.Commands;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;
using Gateway.Server.Commands.Verbs;
using Gateway.Server.Demo;

// Before anything else: it starts with the first program, and its gateway waits for it.
if (args is [SupervisorStart.Verb])
    return await Supervisor.RunAsync(Console.In, Console.Out);

var root = new RootCommand("An MCP gateway with exact, fleet-wide rate limits.")
{
    RunCommand.Create(),
    DemoCommand.Create(),
    StatusCommand.Create(),
    ServerCommand.Create(),
    GrantCommand.Create(),
    PolicyCommand.Create(),
    ConfigCommand.Create(),
    PauseCommand.Create("pause"),
    PauseCommand.Create("resume"),
    CounterCommand.Create(),
    ApprovalsCommand.Create(),
    ToolsCommand.Create(),
    AuditCommand.Create(),
    StdioCommand.Create(),
    TopCommand.Create(),
    ContextCommand.Create(),
    CompletionCommand.Create(),
    Paint.Option,
};
LiveNames.AddTo(root);
Suggestions.AddTo(root);
// An argument that begins with @ is an argument (a package's name, a comment), never a file to read more of them from.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
// What is wrong is said in a line of its own; a page of help after it would take it off the screen.
if (parsed.Action is ParseErrorAction wrong)
    (wrong.ShowHelp, wrong.ShowTypoCorrections) = (false, false);
var configuration = new InvocationConfiguration
{
    // The host drains on SIGTERM within its own grace period; a time-out here would cut that short.
    ProcessTerminationTimeout = null,
};
var code = await parsed.InvokeAsync(configuration);
if (parsed.Errors.Count == 0)
    return code;
if (parsed.UnmatchedTokens is [var written, ..]
    && Spelling.Nearest(written, parsed.CommandResult.Command.Subcommands.Select(static one => one.Name)) is { } meant)
{
    Console.Error.WriteLine($"Did you mean \"{meant}\"?");
}

Console.Error.WriteLine($"See: {Verb(parsed.CommandResult)} --help");
return ExitCode.Usage;

static string Verb(CommandResult result) =>
    result.Parent is CommandResult parent ? $"{Verb(parent)} {result.Command.Name}" : "gateway";
