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
    // An ordered dictionary, because help lists the verbs in this order.
    private static readonly OrderedDictionary<string, Func<Command>> Verbs = new(StringComparer.Ordinal)
    {
        ["status"] = StatusCommand.Create,
        ["ready"] = ReadyCommand.Create,
        ["server"] = ServerCommand.Create,
        ["grant"] = GrantCommand.Create,
        ["policy"] = PolicyCommand.Create,
        ["list"] = ListCommand.Create,
        ["budget"] = BudgetCommand.Create,
        ["config"] = ConfigCommand.Create,
        ["pause"] = static () => PauseCommand.Create("pause"),
        ["resume"] = static () => PauseCommand.Create("resume"),
        ["subject"] = SubjectCommand.Create,
        ["counter"] = CounterCommand.Create,
        ["clock"] = ClockCommand.Create,
        ["operator"] = OperatorCommand.Create,
        ["key"] = KeyCommand.Create,
        ["passkey"] = PasskeyCommand.Create,
        ["session"] = SessionCommand.Create,
        ["connection"] = ConnectionCommand.Create,
        ["history"] = HistoryCommand.Create,
        ["channel"] = ChannelCommand.Create,
        ["login"] = LoginCommand.Create,
        ["logout"] = LoginCommand.CreateLogout,
        ["whoami"] = LoginCommand.CreateWhoAmI,
        ["approvals"] = ApprovalsCommand.Create,
        ["tools"] = ToolsCommand.Create,
        ["catalogue"] = CatalogueCommand.Create,
        ["audit"] = AuditCommand.Create,
        ["report"] = ReportCommand.Create,
        ["usage"] = UsageCommand.Create,
        ["stdio"] = StdioCommand.Create,
        ["top"] = TopCommand.Create,
        ["context"] = ContextCommand.Create,
        ["completion"] = CompletionCommand.Create,
        ["backup"] = BackupCommand.Create,
        ["restore"] = RestoreCommand.Create,
        ["migrate"] = MigrateCommand.Create,
        ["alerts"] = AlertsCommand.Create,
        ["attention"] = AttentionCommand.Create,
        ["repair"] = RepairCommand.Create,
        ["apply"] = ApplyCommand.Create,
        ["man"] = ManCommand.Create,
    };

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

        var parsed = Parse(args, create);
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

    /// <summary>Creates the command that runs a gateway, with the verbs.</summary>
    /// <param name="create">Creates the command without verbs.</param>
    /// <param name="written">A command line: only the verbs that it names are created.</param>
    internal static RootCommand Commands(Func<RootCommand> create, IEnumerable<string>? written = null)
    {
        var root = create();
        var names = written?.ToHashSet(StringComparer.Ordinal);
        foreach (var (_, verb) in Verbs.Where(verb => names?.Contains(verb.Key) ?? true))
            root.Subcommands.Add(verb());
        root.Options.Add(Paint.Option);
        GlobalOptions.AddTo(root);
        LiveNames.AddTo(root);
        Suggestions.AddTo(root);
        return root;
    }

    // The verbs and their options, many of which are read from contracts, take longer to create than most verbs to run.
    // The others are only needed for what concerns all verbs: help, errors, completion (a directive in brackets) and
    // the manual page.
    private static ParseResult Parse(string[] args, Func<RootCommand> create)
    {
        // An argument that begins with @ is an argument (a package's name, a comment), never a file with more
        // arguments.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        if (!args.Contains("man") && args is not [['[', ..], ..])
        {
            var parsed = Commands(create, args).Parse(args, configuration);
            if (parsed.Errors.Count == 0 && parsed.CommandResult.Parent is not null)
                return parsed;
        }

        return Commands(create).Parse(args, configuration);
    }
}
