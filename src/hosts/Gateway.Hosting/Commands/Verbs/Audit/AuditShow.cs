using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Audit;

/// <summary><c>gateway audit show</c>: one call with everything that is recorded about it.</summary>
internal static class AuditShow
{
    private static readonly Argument<string> Id = new("id")
    {
        Description = "The id of the call, as records name it.",
    };

    public static Command Create() => RemoteVerb.CreateRows("show",
        "Show one call: its decision, requests for approval and their decisions, and its result.\n\nExample:\n"
        + "  gateway audit show 9f86d081884c7d659a2feaa0c55ad015",
        RunAsync, Id);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (call, json, _) = await client.GetAsync(
            $"calls/{Uri.EscapeDataString(parsed.GetValue(Id)!)}", ClientJson.Default.CallView, cancellation);
        if (output.IsJson)
        {
            output.Json(json);
            return ExitCode.Well;
        }

        AuditText.Head(output);
        foreach (var record in call.Records)
            AuditText.Print(output, JsonObject.Create(record)!);
        if (output.IsCsv || call.Arguments is null)
            return ExitCode.Well;
        foreach (var (id, arguments) in call.Arguments)
        {
            var what = id == call.CallId ? "the call" : $"the request {id}";
            output.Line($"arguments of {what}: {ResourceText.Json(arguments.Values)}"
                + (arguments.IsComplete ? "" : ", without values that are not recorded"));
        }

        return ExitCode.Well;
    }
}
