using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Admin.Answers;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Classes;
using Gateway.Policy.Text;
using Gateway.Policy.Tools.Drafting;

namespace Gateway.Hosting.Commands.Verbs.Policies;

/// <summary><c>policy draft</c>: creates a policy from recorded calls.</summary>
internal static class PolicyDraftVerb
{
    private static readonly Option<bool> FromAudit = new("--from-audit")
    {
        Description = "Draft from the audit log. This option is required, because there is no other source.",
        Required = true,
    };

    private static readonly Option<string> Grant = new("--grant")
    {
        Description = "The grant whose calls are used.",
        Required = true,
        HelpName = "NAME",
    };

    private static readonly Option<string?> Server = new("--server")
    {
        Description = "The server; required if the grant called several.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Since = new("--since")
    {
        Description = "The age of the oldest call: a length such as 7d.",
        DefaultValueFactory = static _ => "7d",
        HelpName = "LENGTH",
    };

    private static readonly Option<double> Margin = new("--margin")
    {
        Description = "How far each limit is above the observed peak: 0.5 means 50 % above.",
        DefaultValueFactory = static _ => 0.5,
        CustomParser = static result =>
        {
            if (double.TryParse(
                result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var margin)
                && margin is >= 0 and <= 100)
                return margin;
            result.AddError($"--margin must be a number from 0 to 100, not \"{result.Tokens[0].Value}\".");
            return 0;
        },
        HelpName = "SHARE",
    };

    private static readonly Option<bool> ByClass = new("--by-class")
    {
        Description = "Write one rule for each accepted class. A rule also covers the other tools of its class, which "
            + "the grant has not called.",
    };

    public static Command Create()
    {
        Since.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !WrittenTime.TryLength(text, out _))
                result.AddError($"--since must be a length such as 45m, 12h or 7d, not \"{text}\".");
        });
        return RemoteVerb.Create("draft",
            "Print the smallest policy that allows what a grant was allowed to do, with limits at the observed "
            + "peaks plus a margin. Also print what to review in the policy.\n\nExamples:\n"
            + "  gateway policy draft --from-audit --grant support-bot --since 7d > support.json\n"
            + "  gateway policy draft --from-audit --grant support-bot --frontends http://gateways.internal:9090",
            RunAsync, FromAudit, Grant, Server, Since, Margin, ByClass, Frontends.Addresses);
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var grant = parsed.GetValue(Grant)!;
        var margin = parsed.GetValue(Margin);
        _ = WrittenTime.TryLength(parsed.GetValue(Since)!, out var length);
        var from = TimeProvider.System.GetUtcNow() - length;
        var drafts = new SortedDictionary<string, PolicyDraft>(StringComparer.Ordinal);
        var wanted = parsed.GetValue(Server) is { } one ? $"&server={Uri.EscapeDataString(one)}" : "";
        var filter = $"&kind=decision&grant={Uri.EscapeDataString(grant)}{wanted}"
            + $"&from={Uri.EscapeDataString($"{from:O}")}";
        // One after the other into the same draft, because a peak covers all frontends together.
        var (answers, away) = await Frontends.AskAsync(
            parsed, client, one => ReadAsync(one, filter, drafts, margin, cancellation), cancellation);
        var hasOthers = away.Count > 0
            || (parsed.GetValue(Frontends.Addresses) is not { Length: > 0 } && answers[0].Answer);
        var errors = new Output(Console.Error, OutputFormat.Table);
        var asked = answers[0].Client;
        if (drafts.Count == 0)
        {
            await asked.GetAsync(Resources.Grants.PathOf(grant), cancellation);
            errors.Line($"no call of {grant} is recorded in the last {parsed.GetValue(Since)}");
            return ExitCode.No;
        }

        if (drafts.Count > 1)
        {
            errors.Line($"{grant} called {string.Join(", ", drafts.Keys)}: write --server NAME; "
                + "a policy is for one server");
            return ExitCode.Usage;
        }

        var (server, draft) = drafts.First();
        var percent = string.Create(CultureInfo.InvariantCulture, $"{margin * 100:0.##} %");
        Func<string, ToolClass>? classOf = null;
        if (parsed.GetValue(ByClass))
        {
            var classes = (await PolicyValidate.ToolsAsync(server, asked, errors, cancellation))
                .DistinctBy(static tool => tool.Name).ToDictionary(static tool => tool.Name, static tool => tool.Class);
            classOf = tool => classes.GetValueOrDefault(tool);
        }

        new Output(Console.Out, OutputFormat.Json).Json(draft.ToDocument(
            $"Draft from {Spelling.Count(draft.Allowed, "call")} of {grant} to {server} since {from:yyyy-MM-dd}; "
            + $"each limit is the observed peak plus {percent}.", classOf));
        await PrintNotesAsync(draft, server, asked, errors, cancellation);
        if (hasOthers)
            errors.Line("records of other frontends are not included; name them with --frontends");
        return ExitCode.Well;
    }

    private static async Task<bool> ReadAsync(
        AdminClient client, string filter, SortedDictionary<string, PolicyDraft> drafts, double margin,
        CancellationToken cancellation)
    {
        var (cursor, hasOthers) = ("", false);
        while (true)
        {
            var page = (await client.GetAsync(
                $"audit?limit={Pages.LimitMax}&cursor={cursor}{filter}", ClientJson.Default.AuditPage,
                cancellation)).Value;
            hasOthers |= page.Others;
            foreach (var item in page.Items)
            {
                var record = ResponseReader.Read(JsonObject.Create(item)!, ClientJson.Default.LoggedDecision);
                if (!drafts.TryGetValue(record.Server, out var draft))
                    drafts[record.Server] = draft = new PolicyDraft(margin);
                // A name that was truncated in the record must not be allowed.
                if (record.NameSha256 is null)
                    Take(draft, record);
            }

            if (!page.More)
                return hasOthers;
            cursor = Uri.EscapeDataString(page.Next);
        }
    }

    private static void Take(PolicyDraft draft, LoggedDecision record)
    {
        if ((record.Tool ?? record.Name) is not { } name)
            return;
        if (record.Outcome != "allowed")
            draft.AddRefused(name);
        else if (record.Tool is not null)
            draft.AddTool(record.Time, name, (record.ApprovalId ?? record.StandingApprovalId) is not null);
        else if (record.Method == McpMethods.PromptsGet)
            draft.AddPrompt(name);
        else
            draft.AddResource(name);
    }

    private static async Task PrintNotesAsync(
        PolicyDraft draft, string server, AdminClient client, Output errors, CancellationToken cancellation)
    {
        foreach (var note in draft.Notes)
            errors.Line(note);
        var risks = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var tool in await PolicyValidate.ToolsAsync(server, client, errors, cancellation))
            {
                if (tool.HighRiskReason is { } reason)
                    risks[tool.Name] = reason;
            }
        }
        catch (AdminProblemException e)
        {
            errors.Line($"the risk of the tools is not known: {e.Message}");
        }

        foreach (var (tool, calls) in draft.Tools.Where(tool => risks.ContainsKey(tool.Tool)))
            errors.Line($"review {tool}, called {Spelling.Count(calls, "time")}: high risk, because {risks[tool]}");
        errors.Line(
            "Conditions on arguments, such as deny_if, are not in the draft. Copy them from the present policy.");
        errors.Line(
            "The observed peaks show what happened, not what is right. Review each limit, then run: gateway policy "
            + "validate FILE");
    }
}
