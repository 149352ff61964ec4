using System.CommandLine;
using System.Text.Json;
using Gateway.Admin.Approvals;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Hosting.Commands.Verbs.Approvals;

/// <summary><c>gateway approvals</c>: the requests of agents for a person's approval, and the decisions.</summary>
internal static class ApprovalsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Argument<string> Id = new("id")
    {
        Description = "The approval's id, or a prefix that no other open request shares.",
    };

    private static readonly Option<string?> By = new("--by")
    {
        Description = "A name to record beside the authenticated identity. "
            + "Default: the user of this shell.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Comment = new("--comment")
    {
        Description = "The reason. The agent receives the reason of a denial, but not the reason of an approval.",
        HelpName = "TEXT",
    };

    private static readonly Option<string?> Suggest = new("--suggest")
    {
        Description = "Other arguments, as a JSON object, with which the agent may make the call once instead.",
        HelpName = "JSON",
    };

    private static readonly Option<bool> All = new("--all")
    {
        Description = "Also list requests that were decided or used, as long as the gateway keeps them.",
    };

    private static readonly Option<bool> Watch = new("--watch")
    {
        Description = "Print each new request as it arrives, until Ctrl-C.",
    };

    private static readonly Option<string?> Grant =
        CommonOptions.Filter("--grant", "NAME", "Only requests of this grant.");
    private static readonly Option<string?> Server =
        CommonOptions.Filter("--server", "NAME", "Only requests for this server.");
    private static readonly Option<string?> Tool =
        CommonOptions.Filter("--tool", "NAME", "Only requests for this tool.");

    public static Command Create() => new("approvals", "List, approve and deny requests for approval.")
    {
        RemoteVerb.CreateRows("list",
            "List the open requests with their exact arguments.\n\nExample:\n  gateway approvals list --watch",
            ListAsync, All, Watch, Grant, Server, Tool, TimeRange.Since, TimeRange.Until),
        ApprovalsShow.Create(),
        RemoteVerb.Create("watch",
            "Print each new request as it arrives, until Ctrl-C.\n\nExample:\n  gateway approvals watch",
            (_, client, output, cancellation) => WatchAsync(client, output, cancellation)),
        RemoteVerb.Create("approve",
            "Approve one call with exactly its arguments. With --next or --for, also approve similar calls.\n\n"
            + "Examples:\n  gateway approvals approve 3f9a --comment \"checked with the customer\"\n"
            + "  gateway approvals approve 3f9a --next 5 --for 15m --where \"args.amount lte 100\"",
            ApproveAsync, Id, By, Comment, ApprovalsStanding.Next, ApprovalsStanding.For, ApprovalsStanding.Where),
        RemoteVerb.Create("deny",
            "Deny a call; the agent receives the comment and the suggested arguments.\n\nExamples:\n"
            + "  gateway approvals deny 3f9a --comment \"over the customer's limit\"\n"
            + "  gateway approvals deny 3f9a --suggest '{\"id\":17,\"amount\":50}'",
            DenyAsync, Id, By, Comment, Suggest),
        ApprovalsStanding.Create(),
    };

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        if (parsed.GetValue(Watch))
            return await WatchAsync(client, output, cancellation);
        var path = parsed.GetValue(All) ? "approvals" : "approvals?state=open";
        if (!TimeRange.TryRead(parsed, out (DateTimeOffset? Since, DateTimeOffset? Until) asked))
            return ExitCode.Usage;
        var (grant, server, tool) = (parsed.GetValue(Grant), parsed.GetValue(Server), parsed.GetValue(Tool));
        var found = (await ListAsync(client, path, cancellation)).FindAll(one =>
            (grant is null || one.Value.Grant == grant)
            && (server is null || one.Value.Server == server)
            && (tool is null || one.Value.Tool == tool)
            && !(one.Value.Asked < asked.Since)
            && !(one.Value.Asked >= asked.Until));
        Print(output, found);
        return ExitCode.Well;
    }

    private static Task<List<Reply<ApprovalView>>> ListAsync(
        AdminClient client, string path, CancellationToken cancellation) =>
        client.ListAsync(path, ClientJson.Default.PageViewApprovalView, cancellation);

    private static async Task<int> WatchAsync(AdminClient client, Output output, CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // The first request checks address and key. After that, the loop waits for a gateway that restarts.
        var open = await ListAsync(client, "approvals?state=open", cancellation);
        while (true)
        {
            foreach (var approval in open.Where(approval => seen.Add(approval.Value.Id)))
            {
                // One line of JSON per request, so that another program can follow; for a person, a line and the
                // arguments.
                if (output.IsJson)
                    await output.Writer.WriteLineAsync(approval.Json.ToJsonString());
                else
                    output.Line(Sentence(approval.Value));
            }

            // Requests that are no longer open need not be remembered.
            seen.IntersectWith(open.Select(static approval => approval.Value.Id));
            open = await NextAsync(client, cancellation);
        }
    }

    private static async Task<List<Reply<ApprovalView>>> NextAsync(AdminClient client, CancellationToken cancellation)
    {
        for (var isLost = false; ;)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellation);
            try
            {
                return await ListAsync(client, "approvals?state=open", cancellation);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or AdminProblemException { Status: 503 })
            {
                if (!isLost)
                {
                    var why = VisibleText.Of(e.Message);
                    Console.Error.WriteLine($"{client.Gateway} cannot be reached, trying again: {why}");
                }

                isLost = true;
            }
        }
    }

    private static Task<int> ApproveAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation) =>
        AnswerAsync(parsed, "approve", "approved once", client, output, cancellation);

    private static Task<int> DenyAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation) =>
        AnswerAsync(parsed, "deny", "denied", client, output, cancellation);

    private static async Task<int> AnswerAsync(
        ParseResult parsed, string verb, string done, AdminClient client, Output output, CancellationToken cancellation)
    {
        var comment = parsed.GetValue(Comment);
        if (comment?.Length > ApprovalService.CommentLengthMax)
        {
            Console.Error.WriteLine($"--comment may have at most {ApprovalService.CommentLengthMax} characters.");
            return ExitCode.Usage;
        }

        var start = parsed.GetValue(Id)!;
        var open = await ListAsync(client, "approvals?state=open", cancellation);
        var meant = open.FindAll(one => one.Value.Id.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        if (meant.Count > 1)
        {
            Console.Error.WriteLine($"{meant.Count} open requests begin with {start}; write more of the id.");
            return ExitCode.Usage;
        }

        // No open request matches. The gateway's response says if the request was decided, has expired or never
        // existed.
        var id = meant.Count == 1 ? meant[0].Value.Id : start;
        string? wrong = null;
        var terms = verb == "approve" ? ApprovalsStanding.Read(parsed, out wrong) : null;
        if (wrong is not null)
        {
            Console.Error.WriteLine(wrong);
            return ExitCode.Usage;
        }

        JsonElement? arguments = null;
        if (verb == "deny" && parsed.GetValue(Suggest) is { } suggested)
        {
            if ((arguments = Parsed(suggested)) is null)
            {
                Console.Error.WriteLine("--suggest must be a JSON object, such as '{\"amount\":50}'.");
                return ExitCode.Usage;
            }

            done = "denied; one call with the suggested arguments is allowed";
        }

        var body = new ApprovalInput
        {
            By = parsed.GetValue(By) ?? Environment.UserName,
            Comment = comment,
            Standing = terms,
            SuggestedArguments = arguments,
        };
        var path = $"approvals/{Uri.EscapeDataString(id)}/{verb}";
        var reply = await client.PostAsync(
            path, body, ClientJson.Default.ApprovalInput, ClientJson.Default.ApprovalView, cancellation);
        var answered = reply.Value;
        if (answered.State == "open")
            done = $"approved by {answered.Votes?.Count ?? 0} of {answered.ApprovalsNeeded} people so far";
        else if (answered is { StandingId: { } standing, Standing: { } given })
            done = $"approved, with the standing approval {standing} for the next {given.Next}";
        output.Say($"The call of {answered.Tool} by {answered.Grant} on {answered.Server} is {done}.", reply.Json);
        return ExitCode.Well;
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Print(Output output, List<Reply<ApprovalView>> approvals) =>
        output.List(approvals, "No request for approval is open.",
            ("ID", static approval => approval.Id),
            ("STATE", static approval => approval.State),
            ("GRANT", static approval => approval.Grant),
            ("SERVER", static approval => approval.Server),
            ("TOOL", static approval => approval.Tool),
            ("EXPIRES", static approval => Times.Show(approval.Expires)),
            ("BY", static approval => approval.AnsweredBy),
            ("ARGUMENTS", static approval => Arguments(approval)));

    private static string Sentence(ApprovalView approval) =>
        $"{approval.Id}  {approval.Grant} wants to call {approval.Tool} on {approval.Server}, "
        + $"to be decided by {Times.Show(approval.Expires)}: {Arguments(approval) ?? "-"}";

    private static string? Arguments(ApprovalView approval) =>
        approval.Arguments is { } arguments ? ResourceText.Json(arguments) : null;
}
