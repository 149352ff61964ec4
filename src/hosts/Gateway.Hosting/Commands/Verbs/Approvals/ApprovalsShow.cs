using System.CommandLine;
using Gateway.Admin.Approvals;
using Gateway.Audit.Records;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Documents;

namespace Gateway.Hosting.Commands.Verbs.Approvals;

/// <summary><c>gateway approvals show</c>: one request with all details, open or decided.</summary>
internal static class ApprovalsShow
{
    private static readonly Argument<string> Id = new("id")
    {
        Description = "The approval's id, or a prefix that no other request shares.",
    };

    public static Command Create() => RemoteVerb.Create("show",
        "Show one request: its call, who decided it, and the call that used it.\n\nExample:\n"
        + "  gateway approvals show 3f9a",
        RunAsync, Id);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var start = parsed.GetValue(Id)!;
        var known = await client.ListAsync("approvals", ClientJson.Default.PageViewApprovalView, cancellation);
        var meant = known.FindAll(one => one.Value.Id.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        if (meant.Count > 1)
        {
            Console.Error.WriteLine($"{meant.Count} requests begin with {start}; write more of the id.");
            return ExitCode.Usage;
        }

        if (meant.Count == 0 && await RecordedApproval.FindAsync(client, start, cancellation) is { } recorded)
        {
            RecordedApproval.Print(output, recorded);
            return ExitCode.Well;
        }

        if (meant.Count == 0)
            return NotFound.Say("approval", start, known.Select(static one => one.Value.Id));
        if (output.IsJson)
            output.Json(meant[0].Json);
        else
            Print(output, meant[0].Value);
        return ExitCode.Well;
    }

    private static void Print(Output output, ApprovalView approval)
    {
        Fact("id", approval.Id);
        output.Line($"{"state",-9}  ", approval.State, "");
        Fact("grant", approval.Grant);
        Fact("caller", approval.Caller is null ? null : $"{approval.Caller} of {approval.CallerIssuer}");
        Fact("server", approval.Server);
        Fact("tool", approval.Tool);
        Fact("arguments", approval.Arguments is { } arguments ? ResourceText.Json(arguments) : "no longer kept");
        foreach (var condition in approval.SuggestedWhere ?? [])
            Fact("--where", ResourceText.Condition(condition));
        if (approval.Standing is { } standing)
        {
            Fact("standing", $"the next {standing.Next} within {standing.For}"
                + (standing.Where is { } where
                    ? $", where {ResourceText.Where(where)}" : ", with the same arguments"));
        }

        Fact("rule", approval.Rule);
        Fact("reason", approval.Reason);
        Fact("asked", Times.Show(approval.Asked));
        Fact("expires", Times.Show(approval.Expires));
        Fact("needs", approval.ApprovalsNeeded is { } needed ? $"{needed} people" : null);
        Fact("not by", approval.Not switch
        {
            null => null,
            ApprovalTerms.Caller => "the caller",
            ApprovalTerms.Grantor => "the operator who authorized the agent's client",
            // Of a later release of the gateway.
            var other => other,
        });
        foreach (var vote in approval.Votes ?? [])
            Fact("approved", $"{vote.By}, {Times.Show(vote.At)}{Identity(vote.Actor)}");
        Fact("answered", Times.Show(approval.Answered));
        Fact("by", approval.AnsweredBy is { } by ? by + Identity(approval.AnsweredAs) : null);
        Fact("comment", approval.Comment);
        Fact("used", Times.Show(approval.Used));
        Fact("call", approval.CallId);

        void Fact(string name, string? value)
        {
            if (value is not null)
                output.Line($"{name,-9}  {value}");
        }
    }

    private static string Identity(Actor? actor) => actor is null ? "" : ResourceText.Identity(actor);
}
