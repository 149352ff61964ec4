using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Backtesting;
using Gateway.Audit.Replaying;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Options;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary><c>audit replay</c>: the decisions of an edited policy on recorded calls.</summary>
internal static class AuditReplay
{
    private static readonly Option<FileInfo> Policy = new("--policy")
    {
        Description = "The edited policy; - for standard input.",
        Required = true,
        HelpName = "FILE",
    };

    private static readonly Option<string?> Name = new("--name")
    {
        Description = "The policy that the edited policy replaces; required if calls of several policies are recorded.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "Evaluate all calls to this server, regardless of the policy that decided them; not with --name.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Tool = new("--tool")
    {
        Description = "Evaluate only calls of this tool on the server; needs --server.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Since = new("--since")
    {
        Description = "The earliest call to evaluate: an age such as 7d, today, yesterday, or an instant.",
        DefaultValueFactory = static _ => "7d",
        HelpName = "WHEN",
    };

    private static readonly Option<DirectoryInfo[]> Data = new("--data")
    {
        Description = "Read this data directory instead of a running gateway. Repeat the option for each frontend of a "
            + "fleet; their records are merged.",
        HelpName = "DIR",
    };

    private static readonly Option<FileInfo?> Lists = new("--lists")
    {
        Description = "With --data: the lists that the policy names, as a JSON object of arrays, instead of the lists "
            + "in the first directory.",
        HelpName = "FILE",
    };

    /// <summary>The rows of a result.</summary>
    public static readonly Option<string?> By = CreateBy();

    private static readonly Option<string?> Caller = PolicyFile.CallerOption(
        "The caller to assume for calls whose caller is not recorded, in the form of a policy's tests.");

    public static Command Create()
    {
        var command = RemoteVerb.CreateRows("replay",
            "Evaluate recorded calls with an edited policy, in their order and with their counts. List the calls that "
            + "it would decide differently, and the calls for which its decision is unknown.\n\nExamples:\n"
            + "  gateway audit replay --policy support.new.json --since 7d\n"
            + "  gateway audit replay --policy support.new.json --name support --data /var/lib/gateway --json\n"
            + "  gateway audit replay --policy support.new.json --server crm --tool refund\n"
            + "  gateway audit replay --policy support.new.json --by transition --output csv\n"
            + "  gateway audit replay --policy support.new.json --frontends http://gateways.internal:9090",
            RunAsync, Policy, Name, Server, Tool, Since, Caller, Data, Lists, ArgumentOptions.Age, Frontends.Addresses,
            By);
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Server) is not null && result.GetValue(Name) is not null)
                result.AddError("--server and --name exclude each other: choose the calls of a server or of a policy.");
            if (result.GetValue(Tool) is not null && result.GetValue(Server) is null)
                result.AddError("--tool needs --server, the server of the tool.");
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var file = parsed.GetValue(Policy)!;
        if (!WrittenTime.TryBack(parsed.GetValue(Since)!, TimeProvider.System.GetUtcNow(), out var since))
        {
            Console.Error.WriteLine(
                $"--since \"{parsed.GetValue(Since)}\" is not a time: write {WrittenTime.BackRule}.");
            return ExitCode.Usage;
        }

        if (PolicyFile.Load(file, out var bytes) is not { } policy
            || !PolicyFile.TryCaller(parsed.GetValue(Caller), out var caller, out var callerUtf8))
            return ExitCode.Usage;
        using var progress = new ReplayProgressLine();
        using var end = new Interrupt(cancellation);
        try
        {
            var report = parsed.GetValue(Data) is { Length: > 0 } data
                ? await ReplayFolder.RunAsync(
                    data,
                    new ReplayRequest([], policy)
                    {
                        Policy = parsed.GetValue(Name),
                        Server = parsed.GetValue(Server),
                        Tool = parsed.GetValue(Tool),
                        SinceMs = since.ToUnixTimeMilliseconds(),
                        Caller = caller,
                    },
                    parsed.GetValue(Lists), ArgumentOptions.AgeOf(parsed), progress, end.Token)
                : await RemoteAsync(parsed, client, (bytes, callerUtf8), since, progress, end.Token);
            progress.Clear();
            return report is null ? ExitCode.Usage
                : Print(output, report, file.ToString(), parsed.GetValue(Since)!, parsed.GetValue(By));
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            Console.Error.WriteLine("Canceled; nothing can be concluded from what was read.");
            return ExitCode.Interrupted;
        }
    }

    private static async Task<ReplayResult?> RemoteAsync(
        ParseResult parsed, AdminClient client, (byte[] Policy, byte[]? Caller) read, DateTimeOffset since,
        ReplayProgressLine progress, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(read.Policy);
        using var caller = read.Caller is { } written ? JsonDocument.Parse(written) : null;
        return await JobAsync(
            parsed, client, new BacktestInput(document.RootElement, parsed.GetValue(Name), $"{since:O}")
            {
                Server = parsed.GetValue(Server),
                Tool = parsed.GetValue(Tool),
                Caller = caller?.RootElement,
            },
            progress, cancellation);
    }

    /// <summary>
    /// Runs the replay as a job of one gateway; in a fleet, the other frontends send it their records.
    /// </summary>
    public static async Task<ReplayResult?> JobAsync(
        ParseResult parsed, AdminClient client, BacktestInput job, ReplayProgressLine progress,
        CancellationToken cancellation)
    {
        if (parsed.GetValue(Frontends.Addresses) is not { Length: > 0 })
            return await ReplayJob.RunAsync(client, job, [], progress, cancellation);
        var (answers, away) = await Frontends.AskAsync(
            parsed, client, one => one.GetAsync("backtests", ClientJson.Default.PageViewBacktestView, cancellation),
            cancellation);
        var silent = away.Select(static one => one.Gateway).ToList();
        job = job with
        {
            Frontends =
            [
                .. answers.Select(static one => one.Client.Gateway).Concat(silent).Select(static one => $"{one}"),
            ],
        };
        return await ReplayJob.RunAsync(answers[0].Client, job, silent, progress, cancellation);
    }

    /// <summary>Prints the result of a replay.</summary>
    /// <param name="output">The output.</param>
    /// <param name="result">The result.</param>
    /// <param name="policyName">The policy, as the operator named it.</param>
    /// <param name="since">The start of the range, as the operator wrote it.</param>
    /// <param name="by">The rows of the table; null for the changed calls.</param>
    public static int Print(Output output, ReplayResult result, string policyName, string since, string? by)
    {
        var report = result.Report;
        var errors = new Output(Console.Error, OutputFormat.Table);
        if (report is { Policy: null, Tools: null, Policies.Count: > 1 })
        {
            errors.Line($"Calls of several policies are recorded: {string.Join(", ", report.Policies)}. Write --name "
                + "NAME or --server NAME.");
            return ExitCode.Usage;
        }

        if (report.Unreadable > 0)
            errors.Line($"{Spelling.Count(report.Unreadable, "line or file", "lines or files")} cannot be read");
        if (result.HasOthers)
            errors.Line("records of other frontends are not included; name them with --frontends");
        if (report.LogStarts is { } starts)
            errors.Line($"the audit log starts at {Times.Show(starts)}; older records are deleted");
        if (report.Changed > report.Changes.Count && by is null)
        {
            errors.Line($"the list ends after {Spelling.Count(report.Changes.Count, "change")} of {report.Changed}; "
                + "the totals of --by tool, grant and transition have all");
        }

        if (output.IsJson)
            output.Json(Figures(report));
        else
            Table(output, report, by);
        if (report.Evaluated > 0)
            return ExitCode.Well;
        errors.Line(report.Policy is { } name
            ? $"no call of the policy {name} is recorded since {since}" + Others(report.Policies, name)
            : $"no call is recorded since {since} that {policyName} could evaluate");
        return ExitCode.No;
    }

    private static string Others(IReadOnlyList<string> policies, string name) =>
        ResourceText.Joined([.. policies.Where(one => one != name)]) is { } others
            ? $"; calls of these policies are recorded: {others}" : "";

    private static JsonObject Figures(ReplayReport report) => new()
    {
        ["judged"] = report.Evaluated,
        ["same"] = report.Same,
        ["changed"] = report.Changed,
        ["unknown"] = report.Unknown,
        ["changes"] = JsonSerializer.SerializeToNode(report.Changes, ClientJson.Default.IReadOnlyListReplayChange),
        ["byTool"] = Groups(report.ByTool),
        ["byGrant"] = Groups(report.ByGrant),
        ["byTransition"] = Groups(report.ByTransition),
        ["enforced"] = report.Enforced,
        ["logStarts"] = report.LogStarts,
    };

    private static JsonNode? Groups(IReadOnlyList<ReplayGroup> groups) =>
        JsonSerializer.SerializeToNode(groups, ClientJson.Default.IReadOnlyListReplayGroup);

    private static Option<string?> CreateBy()
    {
        Option<string?> by = new("--by")
        {
            Description = "Print the totals of each tool, grant or transition (the outcome before and after), instead "
                + "of the changed calls. JSON has all of them.",
            HelpName = "GROUP",
        };
        by.AcceptOnlyFromAmong("tool", "grant", "transition");
        return by;
    }

    private static void Table(Output output, ReplayReport report, string? by)
    {
        if (by is not null)
        {
            output.Table(
                by switch
                {
                    "tool" => report.ByTool,
                    "grant" => report.ByGrant,
                    "transition" => report.ByTransition,
                    _ => throw new NotSupportedException($"--by {by} has no case here."),
                },
                "No call was evaluated.",
                (by.ToUpperInvariant(), static one => one.Name),
                ("UNCHANGED", static one => $"{one.Same}"),
                ("CHANGED", static one => $"{one.Changed}"),
                ("UNDETERMINED", static one => $"{one.Unknown}"),
                ("TRANSITIONS", static one => ResourceText.Joined(
                    [.. one.Transitions.Select(static to => $"{to.Value} {to.Key}")])),
                ("SAMPLES", static one => ResourceText.Joined([.. one.Samples.Select(static to => to.CallId)])));
        }
        else
            Changes(output, report);
        output.Note($"{report.Evaluated} evaluated: {report.Same} unchanged, {report.Changed} changed, "
            + $"{report.Unknown} undetermined");
        if (report.Enforced > 0)
            output.Note($"  {report.Enforced} more: the candidate itself decided, so there is nothing to compare");
        foreach (var (cause, calls) in report.Causes)
            output.Note($"  {calls}: {cause}");
    }

    private static void Changes(Output output, ReplayReport report) =>
        output.Table(report.Changes, "No call would be decided differently.",
            ("TIME", static one => Times.Show(one.Time)),
            ("GRANT", static one => one.Grant),
            ("SERVER", static one => one.Server),
            ("TOOL", static one => one.Tool ?? one.Method),
            ("WAS", static one => one.Before.Outcome),
            ("WOULD BE", static one => one.After.Outcome),
            ("BY", static one => one.After.Rule),
            ("WHY", static one => one.After.Reason));
}
