using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.Control.Options;
using Gateway.Server.Commands;
using Gateway.Server.Commands.Printing;
using Gateway.Server.Commands.Remote;
using Gateway.Server.Commands.Verbs;
using Gateway.Server.Demo;
using Gateway.Upstreams.Stdio.Processes;

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
if (parsed.Action is ParseErrorAction)
    return WrongCommandLine.Say(parsed);
var configuration = new InvocationConfiguration
{
    // The host drains on SIGTERM within its own grace period; a time-out here would cut that short.
    ProcessTerminationTimeout = null,
};
return await parsed.InvokeAsync(configuration);
