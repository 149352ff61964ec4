using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Admin.Persons;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary><c>gateway audit erase</c>: erases a person's values in the record.</summary>
internal static class AuditErase
{
    private static readonly Option<string> Issuer = new("--issuer")
    {
        Description = "The name of the issuer in \"identity\", or its URL.",
        HelpName = "NAME",
        Required = true,
    };

    private static readonly Option<string> Subject = new("--subject")
    {
        Description = "The subject, as audit records contain it in \"caller\".",
        HelpName = "TEXT",
        Required = true,
    };

    private static readonly Option<string?> Grant = new("--grant")
    {
        Description = "Only records of this grant.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "The reason, such as the number of a request. It stays in the audit log, so it must not name "
            + "the person.",
        HelpName = "TEXT",
        Required = true,
    };

    private static readonly Option<bool> Yes = new("--yes")
    {
        Description = "Erase the values. Without --yes, the command only lists what it would erase.",
    };

    public static Command Create() => RemoteVerb.Create("erase",
        "Erase the values of a person in records, in recorded arguments and in ended requests for approval.\n"
        + "The audit log can still be verified afterwards. Without --yes, nothing is erased. Each frontend has its own "
        + "audit log.\nExits with 1 if there is nothing to erase.\n\nExample:\n"
        + "  gateway audit erase --issuer corp --subject 00u1ana --reason \"request 17\" --yes",
        RunAsync, Issuer, Subject, Grant, Reason, Yes, Frontends.Addresses);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var input = new ErasureInput
        {
            Issuer = parsed.GetValue(Issuer)!,
            Subject = parsed.GetValue(Subject)!,
            Grant = parsed.GetValue(Grant),
            Reason = parsed.GetValue(Reason)!,
            Confirm = parsed.GetValue(Yes),
        };
        var (answers, away) = await Frontends.AskAsync(parsed, client, one => one.PostAsync(
            "audit/erase", input, ClientJson.Default.ErasureInput, ClientJson.Default.ErasureView, cancellation),
            cancellation);
        if (output.IsJson)
            output.Json(new JsonArray([.. answers.Select(static one => one.Answer.Json.DeepClone())]));
        else
            answers.ForEach(one => Print(output, one.Answer));
        return away.Count > 0 ? ExitCode.Unreachable
            : answers.Any(static one =>
                one.Answer.Value is { Records: > 0 } or { Approvals: > 0 } or { Changes: > 0 }) ? ExitCode.Well
            : ExitCode.No;
    }

    private static void Print(Output output, Reply<ErasureView> reply)
    {
        var view = reply.Value;
        output.Line($"{view.Frontend}: {Spelling.Count(view.Records, "record")} and "
            + $"{Spelling.Count(view.Approvals, "ended request")} for approval "
            + (view.Erased ? $"erased by {view.Id}." : "would be erased; repeat the command with --yes."));
        foreach (var item in view.Items ?? [])
            AuditText.Print(output, JsonObject.Create(item)!);
        if (view.Items?.Count < view.Records)
            output.Line($"These are the first {view.Items.Count} records.");
        if (view.More)
            output.Line("There are further records. Repeat the command to erase them too.");
        if (view.Fixed > 0)
        {
            output.Line($"{Spelling.Count(view.Fixed, "record names", "records name")} the subject and cannot be "
                + $"erased; only retention deletes them. The newest of their files ends at "
                + $"{Times.Show(view.FixedUntil)}.");
        }

        if (view.Changes > 0)
        {
            output.Line($"The subject {(view.Erased ? "was" : "would be")} erased in "
                + $"{Spelling.Count(view.Changes, "change")} of ended pauses in the history.");
        }

        Remaining(view.OpenApprovals, "open request or task", "of calls: they expire or end", "open requests or tasks");
        Remaining(view.Connections, "connection", "to servers: delete with gateway connection revoke");
        Remaining(
            view.Pauses, "pause or revocation", "of the subject: end with gateway subject resume",
            "pauses or revocations");
        foreach (var copy in view.Copies)
            output.Line($"outside this gateway: {copy.Kind} {copy.Name}: {copy.Remedy}");
        if (view.Others)
            output.Line("Other frontends have their own records. To include them, name all frontends with "
                + "--frontends.");

        void Remaining(int count, string one, string what, string? many = null)
        {
            if (count > 0)
                output.Line($"not erased: {Spelling.Count(count, one, many)} {what}");
        }
    }
}
