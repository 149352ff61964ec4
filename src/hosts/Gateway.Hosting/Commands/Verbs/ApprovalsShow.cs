using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway approvals show</c>: one request with all that is known of it, answered or not.</summary>
internal static class ApprovalsShow
{
    private static readonly Argument<string> Id = new("id")
    {
        Description = "The approval's id, or as much of its start as tells it from the others.",
    };

    public static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create() => RemoteVerb.Create("show",
        "Show one request: who asked for what, and who answered.\n\nExample:\n  gateway approvals show 3f9a",
        RunAsync, Id);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var start = parsed.GetValue(Id)!;
        var known = await client.ListAsync("approvals", cancellation);
        var meant = known.Where(one => start.Length > 0
            && ((string)one!["id"]!).StartsWith(start, StringComparison.OrdinalIgnoreCase)).ToList();
        if (meant.Count > 1)
        {
            Console.Error.WriteLine($"{meant.Count} requests begin with {start}; write more of the id.");
            return ExitCode.Usage;
        }

        if (meant.Count == 0)
            return NotFound.Say("approval", start, known.Select(static one => (string)one!["id"]!));
        var approval = meant[0]!.AsObject();
        if (output.IsJson)
            output.Json(approval.DeepClone());
        else
            Print(output, approval);
        return ExitCode.Well;
    }

    private static void Print(Output output, JsonObject approval)
    {
        Fact("id", (string?)approval["id"]);
        output.Line($"{"state",-9}  ", (string)approval["state"]!, "");
        Fact("grant", (string?)approval["grant"]);
        Fact("server", (string?)approval["server"]);
        Fact("tool", (string?)approval["tool"]);
        Fact("arguments", approval["arguments"]?.ToJsonString(Readable) ?? "not kept any more");
        foreach (var condition in approval["suggestedWhere"]?.AsArray() ?? [])
            Fact("--where", ApprovalsStanding.Text(condition!));
        if (approval["standing"] is { } standing)
        {
            Fact("standing", $"the next {standing["next"]} within {standing["for"]}"
                + (standing["where"] is JsonArray where
                    ? $", where {string.Join(", ", where.Select(static one => ApprovalsStanding.Text(one!)))}"
                    : ", with the same arguments"));
        }

        Fact("rule", (string?)approval["rule"]);
        Fact("reason", (string?)approval["reason"]);
        Fact("asked", Times.Show((string?)approval["asked"]));
        Fact("expires", Times.Show((string?)approval["expires"]));
        Fact("needs", approval["approvalsNeeded"] is { } needed ? $"{needed} people" : null);
        Fact("not by", approval["not"] is null ? null : "who let the agent's client in");
        foreach (var vote in approval["votes"]?.AsArray() ?? [])
            Fact("approved", $"{vote!["by"]}, {Times.Show((string?)vote["at"])}"
                + (vote["actor"] is { } voter ? AuditText.Identity(voter) : ""));
        Fact("answered", Times.Show((string?)approval["answered"]));
        Fact("by", (string?)approval["answeredBy"] is { } by
            ? by + (approval["answeredAs"] is { } answerer ? AuditText.Identity(answerer) : "")
            : null);
        Fact("comment", (string?)approval["comment"]);
        Fact("used", Times.Show((string?)approval["used"]));
        Fact("call", (string?)approval["callId"]);

        void Fact(string name, string? value)
        {
            if (value is not null)
                output.Line($"{name,-9}  {value}");
        }
    }
}
