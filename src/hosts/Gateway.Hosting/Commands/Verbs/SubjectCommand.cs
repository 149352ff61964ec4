using System.CommandLine;
using Gateway.Admin.Pausing;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway subject</c>: stops one person or program that a token of an issuer identifies.</summary>
internal static class SubjectCommand
{
    private static readonly Argument<string> Issuer = new("issuer")
    {
        Description = "The name of the issuer in \"identity\", or its URL.",
    };

    private static readonly Argument<string> Subject = new("subject")
    {
        Description = "The subject, as audit records contain it in \"caller\".",
    };

    private static readonly Option<string> At = new("--at")
    {
        HelpName = "TIME",
        Description = "The time from which calls are refused, as a length such as 30d or an instant.",
        Required = true,
    };

    public static Command Create() => new(
        "subject", "Pause, revoke, expire and resume the callers that tokens of an issuer identify.")
    {
        RemoteVerb.CreateRows("list",
            "List the callers that are paused or revoked, or that have an expiry.\n\nExample:\n"
            + "  gateway subject list", ListAsync),
        RemoteVerb.Create("pause",
            "Pause a caller at every grant: its calls are refused and its streams close.\n\nExample:\n"
            + "  gateway subject pause corp 00u1ana --until 30m",
            (parsed, client, output, cancellation) =>
                SendAsync("pause", "is paused", parsed, client, output, cancellation),
            [Issuer, Subject, .. PauseCommand.Details]),
        RemoteVerb.Create("revoke",
            "Revoke the access of a caller until \"gateway subject resume\".\n\nExample:\n"
            + "  gateway subject revoke corp 00u1ana --reason \"left the company\"",
            (parsed, client, output, cancellation) =>
                SendAsync("revoke", "is revoked", parsed, client, output, cancellation),
            Issuer, Subject, PauseCommand.Why),
        RemoteVerb.Create("expire",
            "Refuse the calls of a caller after a given time.\n\nExample:\n"
            + "  gateway subject expire corp 00u1ana --at 30d",
            (parsed, client, output, cancellation) =>
                SendAsync("expire", "expires", parsed, client, output, cancellation),
            Issuer, Subject, At, PauseCommand.Why),
        RemoteVerb.Create("resume",
            "Accept the calls of a caller again.\n\nExample:\n  gateway subject resume corp 00u1ana",
            (parsed, client, output, cancellation) =>
                SendAsync("resume", "is active again", parsed, client, output, cancellation),
            Issuer, Subject),
        SubjectExport.Create(Issuer, Subject),
    };

    private static async Task<int> SendAsync(
        string verb, string done, ParseResult parsed, AdminClient client, Output output,
        CancellationToken cancellation)
    {
        var input = new SubjectInput
        {
            Issuer = parsed.GetValue(Issuer)!,
            Subject = parsed.GetValue(Subject)!,
            Reason = verb == "resume" ? null : parsed.GetValue(PauseCommand.Why),
            Until = verb == "pause" ? parsed.GetValue(PauseCommand.End) : null,
            Expires = verb == "expire" ? parsed.GetValue(At) : null,
        };
        var after = await client.PostAsync(
            $"subjects/{verb}", input, ClientJson.Default.SubjectInput, ClientJson.Default.PausesView, cancellation);
        // Without a change, the response has no version.
        output.Say(
            verb == "resume" && after.ETag is null
                ? $"Nothing was changed: {input.Subject} of {input.Issuer} was neither paused nor revoked."
                : $"{input.Subject} of {input.Issuer} {done}.", after.Json);
        if (verb != "resume" && await SearchedAsync(input, client, cancellation) is { } log)
        {
            output.Note($"The log of the gateway {log} has no call of this subject. If you expected one, compare the "
                + "spelling with \"caller\" in a record.");
        }

        return ExitCode.Well;
    }

    /// <summary>
    /// Returns the gateway whose log has no record of a subject; null if there is one, or the log was not searched
    /// completely.
    /// </summary>
    private static async Task<string?> SearchedAsync(
        SubjectInput input, AdminClient client, CancellationToken cancellation)
    {
        try
        {
            var found = (await client.GetAsync(
                $"audit/search?caller={Uri.EscapeDataString(input.Subject)}&limit=1", ClientJson.Default.RecordPageView,
                cancellation)).Value;
            return found is { Items: [], Next: null } ? found.Frontend : null;
        }
        catch (Exception e) when (e is AdminProblemException or HttpRequestException)
        {
            // The subject is stopped, and this only checks how it was written.
            return null;
        }
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var found = await client.GetAsync("pauses", ClientJson.Default.PausesView, cancellation);
        if (output.IsJson)
        {
            output.Json(found.Json);
            return ExitCode.Well;
        }

        output.Table(
            found.Value.Subjects ?? [], "No caller is paused or revoked.",
            ("ISSUER", static one => one.Issuer),
            ("SUBJECT", static one => one.Subject),
            ("STATUS", static one => one.Status),
            ("SINCE", static one => Times.Show(one.Since)),
            ("UNTIL", static one => Times.Show(one.Until)),
            ("EXPIRES", static one => Times.Show(one.Expires)),
            ("BY", static one => one.By),
            ("REASON", static one => one.Reason));
        return ExitCode.Well;
    }
}
