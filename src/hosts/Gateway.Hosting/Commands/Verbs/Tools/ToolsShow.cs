using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Admin.Servers;
using Gateway.Admin.Tools;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools show</c>: all details of one tool.</summary>
internal static class ToolsShow
{
    private const int DescriptionCharsMax = 2_000;

    private static readonly Argument<string> Server = new("server")
    {
        Description = "The server that offers the tool.",
    };

    private static readonly Argument<string> Tool = new("tool") { Description = "The tool's name." };

    public static Command Create() => RemoteVerb.Create("show",
        "Show a tool's effects and risk, with the reasons; known attacks; a recommended rule; and who may call it.\n\n"
        + "Example:\n  gateway tools show crm delete_customer", ShowAsync, Server, Tool, ToolsCommand.Refresh);

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = $"catalogue/{Uri.EscapeDataString(parsed.GetValue(Server)!)}"
            + $"/tools/{Uri.EscapeDataString(parsed.GetValue(Tool)!)}?{ToolsCommand.Query(parsed)}".TrimEnd('?');
        var reply = await client.GetAsync(path, ClientJson.Default.ToolPageView, cancellation);
        if (output.IsJson)
        {
            output.Json(reply.Json);
            return ExitCode.Well;
        }

        var page = reply.Value;
        ToolsCommand.WarnIfStale(page.Server, page.Stale, page.SeenAt);
        output.Facts(reply.Json,
            ("tool", page.Name),
            ("server", page.Server),
            ("says", Cut(page.Description)),
            ("category", page.Category),
            ("class", Class(page.Class)),
            ("risk", page.Risk),
            ("confidence", page.Confidence.ToString("0.00", CultureInfo.InvariantCulture)
                + (page.Sure ? "" : ", uncertain")),
            ("seen", Times.Show(page.SeenAt)),
            ("app", App(page.App)));
        Section(output, "App", AppLines(page.App), static line => line);
        Section(output, "Why", page.Reasons, static reason => reason);
        Section(output, "Known attacks", page.AttackPatterns, static pattern =>
            $"{pattern.Name}: {pattern.What} Stopped by: {pattern.StoppedBy}. {Sources(pattern.Sources)}");
        if (page.RecommendedRule is { } rule)
        {
            output.Line("");
            output.Line("Recommended rule, for a policy with \"default\": \"deny\":");
            output.Json(new JsonObject { [page.Name] = rule.DeepClone() });
        }

        Section(output, "Grants", page.Grants, static grant => $"{grant.Grant}: {grant.Outcome} by {grant.Rule}");
        if (page.Usage is { } usage)
        {
            output.Line("");
            output.Line(UsageText.Summary("Last 24 hours", usage));
        }

        Section(output, "Related", page.Related, static tool => $"{tool.Name} ({tool.Because})");
        return ExitCode.Well;
    }

    private static string? Class(ToolClassView? found) => found switch
    {
        null => null,
        { Accepted: null } => $"{found.Name}, not accepted; proposed: {found.Proposed}",
        _ => $"{found.Name}, by {found.By} ({found.Origin})"
            + (found.Reason is { } reason ? $": {reason}" : "")
            + (found.Name == found.Proposed ? "" : $"; proposed: {found.Proposed}"),
    };

    private static string? App(AppView? app) => app is null ? null
        : app.Problem is { } problem ? $"{app.Uri}: {problem}"
        : $"{app.Uri}, {(app.Accepted ? "accepted" : "not accepted")}";

    private static IReadOnlyList<string> AppLines(AppView? app) => app is null ? [] :
    [
        $"callable by: {ResourceText.Joined(app.Visibility) ?? "nobody"}",
        .. (app.Csp ?? new Dictionary<string, IReadOnlyList<string>>()).Select(
            static one => $"declares {one.Key}: {ResourceText.Joined(one.Value)}"),
        $"permissions: {ResourceText.Joined(app.Permissions) ?? "none"}",
        $"origins in the page: {ResourceText.Joined(app.Origins) ?? "none"}",
        $"scripts: {app.Scripts.Count}",
        .. app.Findings.Select(static one => $"{one.Place}: {ToolsDrift.Severity(one)}: {one.Reason}"),
    ];

    private static string? Cut(string? text) =>
        text?.Length > DescriptionCharsMax ? text[..DescriptionCharsMax] + "…" : text;

    private static string Sources(IReadOnlyList<string> sources) =>
        ResourceText.Joined(sources) is { } all ? $"({all})" : "(no public entry)";

    private static void Section<T>(Output output, string title, IReadOnlyList<T> items, Func<T, string> line)
    {
        if (items.Count == 0)
            return;
        output.Line("");
        output.Line(title);
        foreach (var item in items)
            output.Line($"  {line(item)}");
    }
}
