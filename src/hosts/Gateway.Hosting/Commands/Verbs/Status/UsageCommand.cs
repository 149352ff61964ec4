using System.CommandLine;
using System.Globalization;
using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Asking;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Hosting.Commands.Verbs.Audit;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary><c>gateway usage</c>: calls and refusals over time.</summary>
internal static class UsageCommand
{
    private static readonly Option<string?> Since = new("--since")
    {
        Description = "The start: an age such as 7d, today, yesterday, or an instant.",
        HelpName = "WHEN",
        DefaultValueFactory = static _ => "1h",
    };

    private static readonly Option<string?> Until = new("--until")
    {
        Description = "The end, in the same forms.",
        HelpName = "WHEN",
    };

    private static readonly Option<string?> Step = new("--step")
    {
        Description = "The period of each figure: whole minutes for the last 48 hours, else whole hours or days.",
        HelpName = "LENGTH",
    };

    private static readonly Option<string?> By = new("--by")
    {
        Description = "The kind of object that each row shows.",
        DefaultValueFactory = static _ => "outcome",
    };

    private static readonly Option<string?> Server = new("--server") { Description = "Only calls to this server." };
    private static readonly Option<string?> Grant = new("--grant") { Description = "Only calls of this grant." };
    private static readonly Option<string?> Tool = new("--tool") { Description = "Only calls of this tool." };

    private static readonly Option<string?> Policy = new("--policy")
    {
        Description = "Only calls that this policy decided.",
    };

    private static readonly Option<string?> Caller = new("--caller")
    {
        Description = "Only calls of this subject, from the audit log of the gateway that responds.",
        HelpName = "SUBJECT",
    };

    private static readonly IReadOnlyList<Option<string?>> CallerNames = AuditFilters.CallerNames();

    private static readonly Option<string?> Budget = new("--budget")
    {
        Description = "Only charges to this budget, from grants and services.",
        HelpName = "NAME",
    };

    public static Command Create()
    {
        By.AcceptOnlyFromAmong([.. UsageQuestion.Groupings]);
        return RemoteVerb.CreateRows("usage",
            "Show tool calls, refusals, failed calls and durations of all frontends over time.\nMinutes are kept for "
            + "48 hours, hours for 13 months; missing figures are shown as gaps.\nFigures by caller come from the "
            + "audit log of one gateway. --by budget shows the use of limits and budgets against their maximum.\n"
            + "A charge to a budget is shown with (budgets) as the server and the budget as the tool. If a service "
            + "made the charge, service:NAME is shown as the grant.\n\nExamples:\n  gateway usage --since 7d --by "
            + "tool\n  gateway usage --since today --budget mail --by grant",
            ShowAsync, [Since, Until, Step, By, Server, Grant, Tool, Policy, Caller, .. CallerNames, Budget]);
    }

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var budget = parsed.GetValue(Budget);
        if (budget is not null && (parsed.GetValue(Server) ?? parsed.GetValue(Tool)) is not null)
        {
            Console.Error.WriteLine("Charges to a budget have no server and no tool: omit --server and --tool.");
            return ExitCode.Usage;
        }

        Option<string?>[] asked = [Since, Until, Step, By, Server, Grant, Tool, Policy, Caller, .. CallerNames];
        var query = string.Join('&', asked
            .Select(option => (Name: CommonOptions.Member(option.Name[2..]), Value: parsed.GetValue(option)))
            .Concat(budget is null ? [] : [(Server.Name[2..], CounterRatios.Budgets), (Tool.Name[2..], budget)])
            .Where(static one => one.Value is not null)
            .Select(static one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        var reply = await client.GetAsync($"usage?{query}", ClientJson.Default.UsageAnswer, cancellation);
        if (output.IsJson)
            output.Json(reply.Json);
        else
            Print(output, reply.Value);
        return ExitCode.Well;
    }

    private static void Print(Output output, UsageAnswer usage)
    {
        output.Note(UsageText.Summary($"{Times.Show(usage.Since)} to {Times.Show(usage.Until)}", usage));
        if (usage.Limits is { } limits)
        {
            PrintLimits(output, limits);
            return;
        }

        // Only tools have a server, but the columns of CSV are the same for all rows.
        (string, Func<UsageRow, string?>)[] server = output.IsCsv || usage.By == "tool"
            ? [("SERVER", static row => row.Server)] : [];
        (string, Func<UsageRow, string?>)[] issuer = output.IsCsv || usage.By == "caller"
            ? [("ISSUER", static row => row.CallerIssuer)] : [];
        output.Table(usage.Rows, "No calls.",
        [
            .. server,
            (usage.By.ToUpperInvariant(), static row => row.Name),
            ("CALLS", row => Number(row.Calls, output)),
            ("REFUSED", row => Number(row.Refused, output)),
            ("OVER TIME", row => output.IsCsv
                ? string.Join(' ', row.CallsOverTime.Select(static calls => $"{calls}"))
                : UsageText.Line(row.CallsOverTime)),
            .. output.IsCsv || usage.By != "outcome" ? ResultColumns(output) : [],
            .. issuer,
        ]);
        if (usage.Results is { Count: > 0 } results)
        {
            output.Note($"{Spelling.Count(results.Count, "result")}, {results.Errors:N0} failed; 50 % took at most "
                + $"{Ms(results.P50Ms, output)} ms, 95 % {Ms(results.P95Ms, output)} ms, 99 % "
                + $"{Ms(results.P99Ms, output)} ms.");
        }

        if (usage.AgeSeconds is { } age)
        {
            output.Note(string.Create(
                CultureInfo.InvariantCulture, $"From {usage.Source} of the frontends; the figures are {age:0} s old."));
        }

        foreach (var note in usage.Notes)
            output.Note(note);
    }

    private static (string, Func<UsageRow, string?>)[] ResultColumns(Output output) =>
    [
        ("FAILED", row => row.Results is { } results ? Number(results.Errors, output) : null),
        ("P50 MS", row => Ms(row.Results?.P50Ms, output)),
        ("P95 MS", row => Ms(row.Results?.P95Ms, output)),
        ("P99 MS", row => Ms(row.Results?.P99Ms, output)),
    ];

    private static void PrintLimits(Output output, IReadOnlyList<UsageLimit> limits) => output.Table(
        limits, "No limit or budget counted a call.",
        [
            ("COUNTER", static limit => limit.Name),
            ("SERVER", static limit => limit.Server),
            ("GRANT", static limit => limit.Grant),
            ("WINDOW", static limit => limit.Window),
            ("USED", static limit => Amount(limit.Used)),
            ("MAX", static limit => Amount(limit.Max)),
            ("RESETS", static limit => Times.Show(limit.Reset)),
        ]);

    private static string Amount(double amount) => amount.ToString("0.#########", CultureInfo.InvariantCulture);

    private static string? Ms(double? ms, Output output) =>
        ms?.ToString(output.IsCsv ? "0" : "N0", CultureInfo.InvariantCulture);

    private static string Number(long number, Output output) =>
        number.ToString(output.IsCsv ? "D" : "N0", CultureInfo.InvariantCulture);
}
