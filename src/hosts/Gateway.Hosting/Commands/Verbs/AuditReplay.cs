using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>audit replay</c>: what an edited policy would have decided on the calls that were recorded.</summary>
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
        Description = "The policy in whose place it stands; needed where the calls of several are recorded.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Since = new("--since")
    {
        Description = "Calls from then on are judged: a length back such as 7d, today, yesterday, or an instant.",
        DefaultValueFactory = static _ => "7d",
        HelpName = "WHEN",
    };

    private static readonly Option<DirectoryInfo[]> Data = new("--data")
    {
        Description = "Read this data directory, instead of asking a running gateway; again for each frontend of a "
            + "fleet, whose records are merged.",
        HelpName = "DIR",
    };

    private static readonly Option<FileInfo?> Lists = new("--lists")
    {
        Description = "With --data: the lists that the policy names, as a JSON object of arrays, in the place of those "
            + "in the first directory.",
        HelpName = "FILE",
    };

    public static Command Create() => RemoteVerb.CreateRows("replay",
        "Judge recorded calls, in their order and with their counting, by an edited policy; say which would be decided "
        + "otherwise, and of which that cannot be told.\n\nExamples:\n"
        + "  gateway audit replay --policy support.new.json --since 7d\n"
        + "  gateway audit replay --policy support.new.json --name support --data /var/lib/gateway --json\n"
        + "  gateway audit replay --policy support.new.json --frontends http://gateways.internal:9090",
        RunAsync, Policy, Name, Since, Data, Lists, Frontends.Addresses);

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

        if (PolicyFile.Load(file, out var bytes) is not { } policy)
            return ExitCode.Usage;
        using var progress = new ReplayProgressLine();
        using var end = new Interrupt(cancellation);
        try
        {
            var report = parsed.GetValue(Data) is { Length: > 0 } data
                ? await ReplayFolder.RunAsync(
                    data, policy, parsed.GetValue(Name), since, parsed.GetValue(Lists), progress, end.Token)
                : await RemoteAsync(parsed, client, bytes, since, progress, end.Token);
            progress.Clear();
            return report is null ? ExitCode.Usage
                : Print(output, report, file.ToString(), parsed.GetValue(Since)!);
        }
        catch (OperationCanceledException)
        {
            progress.Clear();
            Console.Error.WriteLine("Cancelled; nothing can be concluded from what was read.");
            return ExitCode.Interrupted;
        }
    }

    private static Task<JsonObject?> RemoteAsync(
        ParseResult parsed, AdminClient client, byte[] policy, DateTimeOffset since, ReplayProgressLine progress,
        CancellationToken cancellation) => JobAsync(
            parsed, client,
            new JsonObject
            {
                ["policy"] = JsonNode.Parse(policy),
                ["name"] = parsed.GetValue(Name),
                ["since"] = $"{since:O}",
            },
            progress, cancellation);

    /// <summary>One gateway does it; of a fleet, it has the others send it their records.</summary>
    public static async Task<JsonObject?> JobAsync(
        ParseResult parsed, AdminClient client, JsonObject job, ReplayProgressLine progress,
        CancellationToken cancellation)
    {
        if (parsed.GetValue(Frontends.Addresses) is not { Length: > 0 })
            return await ReplayJob.RunAsync(client, job, [], progress, cancellation);
        var (answers, away) = await Frontends.AskAsync(
            parsed, client, one => one.GetAsync("backtests", cancellation), cancellation);
        var silent = away.Select(static one => one.Gateway).ToList();
        job["frontends"] = new JsonArray([.. answers.Select(static one => one.Client.Gateway).Concat(silent)
            .Select(static one => (JsonNode)one.ToString())]);
        return await ReplayJob.RunAsync(answers[0].Client, job, silent, progress, cancellation);
    }

    /// <summary>Prints what a replay came to.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">What it came to.</param>
    /// <param name="judge">What judged, as the operator named it.</param>
    /// <param name="since">Since when, as the operator wrote it.</param>
    public static int Print(Output output, JsonObject report, string judge, string since)
    {
        var errors = new Output(Console.Error, OutputFormat.Table);
        if (report["policy"] is null && report["policies"]!.AsArray() is { Count: > 1 } several)
        {
            errors.Line("Calls of several policies are recorded: "
                + $"{string.Join(", ", several.Select(static name => (string)name!))}. Write --name NAME.");
            return ExitCode.Usage;
        }

        var changes = report["changes"]!.AsArray();
        if ((long)report["unreadable"]! is > 0 and var unreadable)
            errors.Line($"{unreadable} lines or files of the record cannot be read and are left out");
        if ((bool?)report["others"] == true)
            errors.Line("other frontends have records of their own, which are not in it");
        if ((long)report["changed"]! > changes.Count)
            errors.Line($"only the first {Spelling.Count(changes.Count, "change")} are listed");
        if (output.IsJson)
            output.Json(Figures(report));
        else
            Table(output, report, changes);
        if ((long)report["judged"]! > 0)
            return ExitCode.Well;
        errors.Line((string?)report["policy"] is { } name
            ? $"no call of the policy {name} is recorded since {since}"
                + Others(report["policies"]!.AsArray(), name)
            : $"no call is recorded since {since} that {judge} could judge");
        return ExitCode.No;
    }

    private static string Others(JsonArray policies, string name)
    {
        var others = policies.Select(static one => (string)one!).Where(one => one != name).ToList();
        return others.Count == 0 ? "" : $"; there are calls of {string.Join(", ", others)}";
    }

    private static JsonObject Figures(JsonObject report) => new()
    {
        ["judged"] = report["judged"]!.DeepClone(),
        ["same"] = report["same"]!.DeepClone(),
        ["changed"] = report["changed"]!.DeepClone(),
        ["unknown"] = report["unknown"]!.DeepClone(),
        ["changes"] = report["changes"]!.DeepClone(),
    };

    private static void Table(Output output, JsonObject report, JsonArray changes)
    {
        output.Table(changes, "No call would be decided otherwise.",
            ("TIME", static one => Times.Show((string?)one["time"])),
            ("GRANT", static one => (string?)one["grant"]),
            ("SERVER", static one => (string?)one["server"]),
            ("TOOL", static one => (string?)one["tool"] ?? (string?)one["method"]),
            ("WAS", static one => (string?)one["before"]!["outcome"]),
            ("WOULD BE", static one => (string?)one["after"]!["outcome"]),
            ("BY", static one => (string?)one["after"]!["rule"]),
            ("WHY", static one => (string?)one["after"]!["reason"]));
        output.Note($"{report["judged"]} judged: {report["same"]} the same, {report["changed"]} changed, "
            + $"{report["unknown"]} cannot be told");
        foreach (var (cause, calls) in report["causes"]!.AsObject())
            output.Note($"  {calls}: {cause}");
    }
}
