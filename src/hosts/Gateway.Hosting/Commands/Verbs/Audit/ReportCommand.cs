using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Reporting;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary><c>gateway report</c>: calls, refusals and spending, for people and for files.</summary>
internal static class ReportCommand
{
    private const int RowsMax = 10;

    private static readonly Option<string> Since = new("--since", "--from")
    {
        Description = "The start: an age such as 30d, today, yesterday, or an instant.",
        HelpName = "WHEN",
        DefaultValueFactory = static _ => "30d",
    };

    private static readonly Option<string?> Until = new("--until", "--to")
    {
        Description = "The end, in the same forms.",
        HelpName = "WHEN",
    };

    private static readonly Option<string?> Html = new("--html")
    {
        Description = "Write the report with all rows to this file, as an HTML page. With -, write only the page, to "
            + "standard output.",
        HelpName = "FILE",
    };

    public static Command Create() => RemoteVerb.Create("report",
        "Summarize the audit log: calls and refusals, the busiest grants and tools, limits that refused calls, "
        + "spending, and unused grants and rules.\nIn a fleet, the report covers the frontend that responds; with "
        + "--frontends, the named frontends; with --shared, all gateways that ship to one table.\n\n"
        + "Example:\n  gateway report --since 30d --html report.html",
        RunAsync, Since, Until, Html, Frontends.Shared, Frontends.Addresses);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (Time(Since, parsed.GetValue(Since)!, now) is not { } from
            || Time(Until, parsed.GetValue(Until), now) is not { } to)
        {
            return ExitCode.Usage;
        }

        if (from >= to)
        {
            Console.Error.WriteLine(
                $"--since {parsed.GetValue(Since)} must be before --until {parsed.GetValue(Until)}.");
            return ExitCode.Usage;
        }

        var query = $"report?from={Uri.EscapeDataString($"{from:O}")}&to={Uri.EscapeDataString($"{to:O}")}"
            + Frontends.Of(parsed);
        var (answers, away) = await Frontends.AskAsync(
            parsed, client, one => one.GetAsync(query, ClientJson.Default.AuditReport, cancellation), cancellation);
        var report = AuditReport.Merge(
            [.. answers.Select(static one => one.Answer.Value)],
            [.. away.Select(static one => new ReportedAway($"{one.Gateway}", one.Why))]);
        if (!Frontends.IsShared(parsed, report.Shared))
            return ExitCode.Unreachable;
        if (parsed.GetValue(Frontends.Addresses) is { Length: > 0 })
            report = report with { Others = false };
        if (parsed.GetValue(Html) is { } path)
        {
            var page = ReportPage.Of(report);
            if (path == "-")
            {
                // The page alone, so that it can be piped.
                Console.Out.Write(page);
                return ExitCode.Well;
            }

            if (!TryWrite(path, page))
                return ExitCode.Usage;
        }

        if (output.IsJson)
            output.Json(JsonSerializer.SerializeToNode(report, ReportJson.Default.AuditReport)!);
        else
            Print(output, report);
        return ExitCode.Well;
    }

    /// <summary>Returns the instant; null after an error message.</summary>
    private static DateTimeOffset? Time(Option option, string? text, DateTimeOffset now)
    {
        if (text is null)
            return now;
        if (WrittenTime.TryBack(text, now, out var time))
            return time;
        Console.Error.WriteLine($"{option.Name} \"{text}\" is not a time: write {WrittenTime.BackRule}.");
        return null;
    }

    private static bool TryWrite(string path, string page)
    {
        try
        {
            File.WriteAllText(path, page);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{path} cannot be written: {e.Message}");
            return false;
        }
    }

    private static void Print(Output output, AuditReport report)
    {
        foreach (var line in ReportPage.Head(report))
            output.Line(line);
        foreach (var table in ReportPage.Tables(report))
        {
            output.Line("");
            output.Line(table.Title);
            output.Table(table.Rows.Take(RowsMax), "  none", [.. table.Heads.Select(static (head, i) =>
                (head, (Func<string[], string?>)(row => row[i])))]);
            if (table.Rows.Count > RowsMax)
                output.Line(string.Create(CultureInfo.InvariantCulture, $"and {table.Rows.Count - RowsMax:N0} more"));
        }
    }
}
