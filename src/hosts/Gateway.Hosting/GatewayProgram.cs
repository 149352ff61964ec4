using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.Hosting.Commands;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Commands.Verbs;
using Gateway.Hosting.Commands.Verbs.Approvals;
using Gateway.Hosting.Commands.Verbs.Audit;
using Gateway.Hosting.Commands.Verbs.Budgets;
using Gateway.Hosting.Commands.Verbs.Catalogue;
using Gateway.Hosting.Commands.Verbs.Channels;
using Gateway.Hosting.Commands.Verbs.Configuration;
using Gateway.Hosting.Commands.Verbs.Counters;
using Gateway.Hosting.Commands.Verbs.Data;
using Gateway.Hosting.Commands.Verbs.Grants;
using Gateway.Hosting.Commands.Verbs.Lists;
using Gateway.Hosting.Commands.Verbs.Operators;
using Gateway.Hosting.Commands.Verbs.Policies;
using Gateway.Hosting.Commands.Verbs.Servers;
using Gateway.Hosting.Commands.Verbs.Shell;
using Gateway.Hosting.Commands.Verbs.Status;
using Gateway.Hosting.Commands.Verbs.Tools;
using Gateway.Hosting.Options;
using Gateway.Proxy.Upstreams.Stdio.Processes;

namespace Gateway.Hosting;

/// <summary>The entry point of the gateway's executables, which all have the same verbs.</summary>
public static class GatewayProgram
{
    /// <param name="args">The command line.</param>
    /// <param name="create">
    /// Creates the command that runs a gateway; the verbs for a running one are added to it.
    /// </param>
    /// <param name="isJsonByDefault">True if a run logs JSON unless the format is set.</param>
    public static async Task<int> RunAsync(string[] args, Func<RootCommand> create, bool isJsonByDefault = false)
    {
        ArgumentNullException.ThrowIfNull(create);
        // Before anything else: the supervisor starts with the first program, and its gateway waits for it.
        if (args is [SupervisorStart.Verb])
            return await Supervisor.RunAsync(Console.In, Console.Out);

        if (!StandardOutput.IsOpen())
        {
            // A verb must not create a secret that it cannot print.
            Console.Error.WriteLine("Standard output is closed. Redirect it to /dev/null if you do not need it.");
            return ExitCode.Unreachable;
        }

        // An argument that begins with @ is an argument (a package's name, a comment), never a file with more
        // arguments.
        var parsed = Commands(create).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        using var lines = ConsoleLines.Begin(parsed, isJsonByDefault);
        if (parsed.Action is ParseErrorAction)
            return WrongCommandLine.Say(parsed);
        if (GlobalOptions.Misplaced(parsed) is { } misplaced)
            return misplaced;
        // The host drains on SIGTERM within its own grace period; a time-out here would cut that short.
        var configuration = new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OutputException e) when (e.IsBrokenPipe)
        {
            // A reader that has read enough is no error.
            return ExitCode.BrokenPipe;
        }
        catch (OutputException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.Unreachable;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine($"Unhandled exception: {e}");
            return ExitCode.No;
        }
    }

    /// <summary>Creates the command that runs a gateway, with every verb.</summary>
    internal static RootCommand Commands(Func<RootCommand> create)
    {
        var root = create();
        foreach (var verb in (Command[])[
            StatusCommand.Create(), ReadyCommand.Create(), ServerCommand.Create(), GrantCommand.Create(),
            PolicyCommand.Create(), ListCommand.Create(), BudgetCommand.Create(), ConfigCommand.Create(),
            PauseCommand.Create("pause"), PauseCommand.Create("resume"), SubjectCommand.Create(),
            CounterCommand.Create(), ClockCommand.Create(), OperatorCommand.Create(), KeyCommand.Create(),
            PasskeyCommand.Create(), SessionCommand.Create(),
            ConnectionCommand.Create(), HistoryCommand.Create(), ChannelCommand.Create(),
            LoginCommand.Create(), LoginCommand.CreateLogout(), LoginCommand.CreateWhoAmI(), ApprovalsCommand.Create(),
            ToolsCommand.Create(), CatalogueCommand.Create(), AuditCommand.Create(), ReportCommand.Create(),
            UsageCommand.Create(), StdioCommand.Create(), TopCommand.Create(), ContextCommand.Create(),
            CompletionCommand.Create(), BackupCommand.Create(), RestoreCommand.Create(), MigrateCommand.Create(),
            AlertsCommand.Create(), AttentionCommand.Create(), RepairCommand.Create(), ApplyCommand.Create(),
            ManCommand.Create()])
        {
            root.Subcommands.Add(verb);
        }

        root.Options.Add(Paint.Option);
        GlobalOptions.AddTo(root);
        LiveNames.AddTo(root);
        Suggestions.AddTo(root);
        return root;
    }
}
