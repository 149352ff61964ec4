using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Audit.Reporting;
using Gateway.Mcp.Writing;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary>The format of a report, table by table, as text or as a self-contained HTML page.</summary>
internal static class ReportPage
{
    private const string Start = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Gateway report</title><style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem }
        table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #ddd }
        </style></head><body><h1>Gateway report</h1>

        """;

    /// <summary>Returns the lines before the tables.</summary>
    public static IEnumerable<string> Head(AuditReport report)
    {
        yield return $"{WrittenTime.Shown(report.From)} to {WrittenTime.Shown(report.To)}, from the records of "
            + (report.Shared is { } shared
                ? $"all gateways that ship to {shared}"
                : string.Join(", ", report.Frontends));
        yield return Text($"{Spelling.Count(report.Calls, "call")}, {report.Refused:N0} refused")
            + string.Concat(report.Outcomes.Where(static one => one.Key != "allowed")
                .OrderByDescending(static one => one.Value).Select(static one => Text($"; {one.Value:N0} {one.Key}")));
        if (report.Missing > 0)
            yield return Text($"{Spelling.Count(report.Missing, "decision")} not recorded; such calls were denied.");
        if (report.Oldest is null || report.Oldest > report.From)
        {
            yield return report.Oldest is { } oldest
                ? $"The oldest record is of {WrittenTime.Shown(oldest)}; earlier calls are not included."
                : "There are no records.";
        }

        foreach (var away in report.Away)
            yield return $"MISSING: {away.Gateway} did not respond, so its records are not included ({away.Why}).";
        if (report.Others)
            yield return "Records of other frontends are not included. To include them, name all frontends with "
                + "--frontends.";
        if (report.LeftOut > 0)
            yield return Text($"{Spelling.Count(report.LeftOut, "row")} beyond {AuditReport.RowsMax:N0} omitted.");
    }

    public static IEnumerable<(string Title, string[] Heads, IReadOnlyList<string[]> Rows)> Tables(AuditReport report)
    {
        yield return ("Top grants", ["GRANT", "CALLS", "REFUSED"], Counts(report.Grants));
        if (report.Callers.Count > 0)
            yield return ("Top callers", ["CALLER", "CALLS", "REFUSED"], Counts(report.Callers));
        if (report.Clients.Count > 0)
            yield return ("Top OAuth clients", ["CLIENT", "CALLS", "REFUSED"], Counts(report.Clients));
        if (report.Actors.Count > 0)
            yield return ("Top acting parties", ["ACTOR", "CALLS", "REFUSED"], Counts(report.Actors));
        yield return ("Top tools", ["TOOL", "CALLS", "REFUSED"], Counts(report.Tools));
        yield return ("Rules that refused", ["POLICY", "RULE", "REFUSED"],
            [.. report.Rules.Select(static one => new[] { one.Policy, one.Rule, Text($"{one.Refused:N0}") })]);
        yield return ("Limits that refused", ["GRANT", "SERVER", "COUNTER", "REFUSED", "PEAK"],
            [
                .. report.Limits.Where(static one => one.Refused > 0).Select(static one => new[]
                {
                    one.Grant, one.Server, one.Counter, Text($"{one.Refused:N0}"), Text($"{one.Peak:P0}"),
                }),
            ]);
        yield return ("Spend", ["GRANT", "SERVER", "COUNTER", "CALLS", "SPENT", "PEAK"],
            [
                .. report.Limits.OrderByDescending(static one => one.Spent).Select(static one => new[]
                {
                    one.Grant, one.Server, one.Counter, Text($"{one.Calls:N0}"),
                    one.Spent.ToString(CultureInfo.InvariantCulture), Text($"{one.Peak:P0}"),
                }),
            ]);
        yield return ("Approvals", ["SERVER", "RULE", "ASKED", "APPROVED", "DENIED", "EXPIRED", "UNUSED", "HINT"],
            [
                .. report.Approvals.Select(static one => new[]
                {
                    one.Server, one.Rule, Text($"{one.Asked:N0}"), Text($"{one.Approved:N0}"),
                    Text($"{one.Denied:N0}"), Text($"{one.Expired:N0}"), Text($"{one.Unused:N0}"), one.Hint ?? "",
                }),
            ]);
        yield return ("Grants without calls", ["GRANT"],
            [.. report.UnusedGrants.Select(static one => new[] { one })]);
        yield return ("Tools of policies without calls", ["POLICY", "RULE"],
            [.. report.UnusedRules.Select(static one => new[] { one.Policy, one.Rule })]);
    }

    public static string Of(AuditReport report)
    {
        var page = new StringBuilder(Start);
        foreach (var line in Head(report))
            page.Append("<p>").Append(Safe(line)).Append("</p>\n");
        foreach (var (title, heads, rows) in Tables(report))
        {
            page.Append("<h2>").Append(Safe(title)).Append("</h2>\n");
            if (rows.Count == 0)
            {
                page.Append("<p>none</p>\n");
                continue;
            }

            page.Append("<table><tr>");
            foreach (var head in heads)
                page.Append("<th>").Append(Safe(head)).Append("</th>");
            page.Append("</tr>\n");
            foreach (var row in rows)
            {
                page.Append("<tr>");
                foreach (var cell in row)
                    page.Append("<td>").Append(Safe(cell)).Append("</td>");
                page.Append("</tr>\n");
            }

            page.Append("</table>\n");
        }

        return page.Append("</body></html>\n").ToString();
    }

    private static List<string[]> Counts(IReadOnlyList<ReportedCount> counts) =>
        [.. counts.Select(static one => new[] { one.Name, Text($"{one.Calls:N0}"), Text($"{one.Refused:N0}") })];

    /// <summary>Escapes names from agents and servers, which may contain any characters.</summary>
    private static string Safe(string text) => WebUtility.HtmlEncode(VisibleText.Of(text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
