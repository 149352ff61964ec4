using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway approvals</c>: what agents ask a person for, and the answers.</summary>
internal static class ApprovalsCommand
{
    private const int CommentLengthMax = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly Argument<string> Id = new("id")
    {
        Description = "The approval's id, or as much of its start as tells it from the other open ones.",
    };

    private static readonly Option<string?> By = new("--by")
    {
        Description = "A name that the record keeps beside the authenticated identity. "
            + "Default: the user of this shell.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Comment = new("--comment")
    {
        Description = "Why; with a denial the agent reads it.",
        HelpName = "TEXT",
    };

    private static readonly Option<string?> Suggest = new("--suggest")
    {
        Description = "Arguments with which the agent may call instead, once: a JSON object.",
        HelpName = "JSON",
    };

    private static readonly Option<bool> All = new("--all")
    {
        Description = "Those that were answered or used too, as long as they are kept.",
    };

    private static readonly Option<bool> Watch = new("--watch")
    {
        Description = "Print each new request as it comes in; Ctrl-C ends it.",
    };

    private static readonly Option<string?> Grant = AuditFilters.Filter("--grant", "NAME", "Only this grant's.");
    private static readonly Option<string?> Server = AuditFilters.Filter("--server", "NAME", "Only this server's.");
    private static readonly Option<string?> Tool = AuditFilters.Filter("--tool", "NAME", "Only this tool's.");

    public static Command Create() => new("approvals", "See what agents ask a person for; approve or deny it.")
    {
        RemoteVerb.CreateRows("list",
            "List the open requests with their exact arguments.\n\nExample:\n  gateway approvals list --watch",
            ListAsync, All, Watch, Grant, Server, Tool, TimeRange.Since, TimeRange.Until),
        ApprovalsShow.Create(),
        RemoteVerb.Create("watch",
            "Print each new request as it comes in; Ctrl-C ends it.\n\nExample:\n  gateway approvals watch",
            (_, client, output, cancellation) => WatchAsync(client, output, cancellation)),
        RemoteVerb.Create("approve",
            "Let the call go ahead, once, with exactly these arguments; with --next or --for also calls like it.\n\n"
            + "Examples:\n  gateway approvals approve 3f9a --comment \"checked with the customer\"\n"
            + "  gateway approvals approve 3f9a --next 5 --for 15m --where \"args.amount lte 100\"",
            ApproveAsync, Id, By, Comment, ApprovalsStanding.Next, ApprovalsStanding.For, ApprovalsStanding.Where),
        RemoteVerb.Create("deny",
            "Deny the call; the agent reads the comment, and what to call with instead.\n\nExamples:\n"
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
        (string Member, string? Wanted)[] filters =
            [("grant", parsed.GetValue(Grant)), ("server", parsed.GetValue(Server)), ("tool", parsed.GetValue(Tool))];
        var found = (await client.ListAsync(path, cancellation)).Where(approval =>
            filters.All(filter => filter.Wanted is null || (string?)approval![filter.Member] == filter.Wanted)
            && !((DateTimeOffset?)approval!["asked"] < asked.Since)
            && !((DateTimeOffset?)approval["asked"] >= asked.Until));
        Print(output, [.. found.Select(static approval => approval!.DeepClone())]);
        return ExitCode.Well;
    }

    private static async Task<int> WatchAsync(AdminClient client, Output output, CancellationToken cancellation)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        // The first look says whether address and key are right; from then on a gateway that restarts is waited for.
        var open = await client.ListAsync("approvals?state=open", cancellation);
        while (true)
        {
            foreach (var approval in open.Where(approval => seen.Add((string)approval!["id"]!)))
            {
                // A line of JSON each, so that another program can follow it; for a person a line and its arguments.
                if (output.IsJson)
                    await output.Writer.WriteLineAsync(approval!.ToJsonString());
                else
                    output.Line(Sentence(approval!));
            }

            // What is open no longer need not be remembered.
            seen.IntersectWith(open.Select(static approval => (string)approval!["id"]!));
            open = await NextAsync(client, cancellation);
        }
    }

    private static async Task<JsonArray> NextAsync(AdminClient client, CancellationToken cancellation)
    {
        for (var isLost = false; ;)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellation);
            try
            {
                return await client.ListAsync("approvals?state=open", cancellation);
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
        AnswerAsync(parsed, "approve", "approved; the call goes ahead once", client, output, cancellation);

    private static Task<int> DenyAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation) =>
        AnswerAsync(parsed, "deny", "denied", client, output, cancellation);

    private static async Task<int> AnswerAsync(
        ParseResult parsed, string verb, string done, AdminClient client, Output output, CancellationToken cancellation)
    {
        var comment = parsed.GetValue(Comment);
        if (comment?.Length > CommentLengthMax)
        {
            Console.Error.WriteLine($"--comment has at most {CommentLengthMax} characters.");
            return ExitCode.Usage;
        }

        var start = parsed.GetValue(Id)!;
        var open = await client.ListAsync("approvals?state=open", cancellation);
        var meant = open
            .Where(approval => ((string)approval!["id"]!).StartsWith(start, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (meant.Count > 1)
        {
            Console.Error.WriteLine($"{meant.Count} open requests begin with {start}; write more of the id.");
            return ExitCode.Usage;
        }

        // None that is open: the gateway itself says whether it was answered before, has expired or never was.
        var id = meant.Count == 1 ? (string)meant[0]!["id"]! : start;
        string? wrong = null;
        var terms = verb == "approve" ? ApprovalsStanding.Read(parsed, out wrong) : null;
        if (wrong is not null)
        {
            Console.Error.WriteLine(wrong);
            return ExitCode.Usage;
        }

        var body = new JsonObject { ["by"] = parsed.GetValue(By) ?? Environment.UserName, ["comment"] = comment };
        if (terms is not null)
            body["standing"] = terms;
        if (verb == "deny" && parsed.GetValue(Suggest) is { } suggested)
        {
            if (Parsed(suggested) is not { } arguments)
            {
                Console.Error.WriteLine("--suggest must be a JSON object, such as '{\"amount\":50}'.");
                return ExitCode.Usage;
            }

            body["suggestedArguments"] = arguments;
            done = "denied; a call with the suggested arguments may go ahead once";
        }

        var path = $"approvals/{Uri.EscapeDataString(id)}/{verb}";
        var answered = (await client.SendAsync("POST", path, body, null, cancellation)).Object;
        if ((string?)answered["state"] == "open")
            done = $"approved by {answered["votes"]!.AsArray().Count} of {answered["approvalsNeeded"]} people so far";
        else if ((string?)answered["standingId"] is { } standing)
            done = $"approved; the next {answered["standing"]!["next"]} like it go ahead too, as {standing}";
        output.Say($"{answered["tool"]} by {answered["grant"]} on {answered["server"]} is {done}.", answered);
        return ExitCode.Well;
    }

    private static JsonObject? Parsed(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Print(Output output, JsonArray approvals) =>
        output.Table(approvals, "Nobody waits for an approval.",
            ("ID", static approval => (string?)approval["id"]),
            ("STATE", static approval => (string?)approval["state"]),
            ("GRANT", static approval => (string?)approval["grant"]),
            ("SERVER", static approval => (string?)approval["server"]),
            ("TOOL", static approval => (string?)approval["tool"]),
            ("EXPIRES", static approval => Times.Show((string?)approval["expires"])),
            ("BY", static approval => (string?)approval["answeredBy"]),
            ("ARGUMENTS", static approval => Arguments(approval)));

    private static string Sentence(JsonNode approval) =>
        $"{approval["id"]}  {approval["grant"]} asks to call {approval["tool"]} on {approval["server"]} "
        + $"until {Times.Show((string?)approval["expires"])}: {Arguments(approval)}";

    private static string Arguments(JsonNode approval) =>
        approval["arguments"]?.ToJsonString(Readable) ?? "-";

    private static JsonSerializerOptions Readable { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
