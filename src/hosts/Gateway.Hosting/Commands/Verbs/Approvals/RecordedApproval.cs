using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Approvals;

/// <summary>
/// A request for approval in the audit log. The gateway forgets a request after some time, and replaces it when the
/// same call needs approval again.
/// </summary>
internal static class RecordedApproval
{
    private const int IdLength = 32;
    private const int PagesMax = 20;

    /// <summary>
    /// Returns the request whose id begins with this text, with the members of the admin API; null if no record has it,
    /// or if the caller may not read the log.
    /// </summary>
    public static async Task<JsonObject?> FindAsync(AdminClient client, string start, CancellationToken cancellation)
    {
        try
        {
            var id = start.Length < IdLength ? await CompletedAsync(client, start, cancellation) : start;
            if (id is null)
                return null;
            var call = await client.GetAsync(
                $"calls/{Uri.EscapeDataString(id)}", ClientJson.Default.CallView, cancellation);
            return Life(id, call.Value.Records);
        }
        catch (AdminProblemException e) when (e.Status is 403 or 404 or 504)
        {
            return null;
        }
    }

    /// <summary>Prints a request.</summary>
    public static void Print(Output output, JsonObject request)
    {
        output.Facts(request, [.. request.Select(static fact => (
            fact.Key,
            fact.Key is "asked" or "answered" or "used" ? Times.Show((string?)fact.Value) : (string?)fact.Value))]);
        output.Note("The request is no longer stored; these details are from the audit log.");
    }

    /// <summary>Returns the whole id of which a person wrote the beginning; null if no record has it.</summary>
    private static async Task<string?> CompletedAsync(
        AdminClient client, string start, CancellationToken cancellation)
    {
        var cursor = "";
        for (var i = 0; i < PagesMax; i++)
        {
            var page = (await client.GetAsync(
                $"audit/search?kind=approval&q={Uri.EscapeDataString(start)}&cursor={cursor}",
                ClientJson.Default.RecordPageView, cancellation)).Value;
            if (page.Items.Select(static record => Text(record, "approvalId"))
                .FirstOrDefault(id => id?.StartsWith(start, StringComparison.OrdinalIgnoreCase) == true) is { } found)
                return found;
            if (page.Next is null)
                break;
            cursor = Uri.EscapeDataString(page.Next);
        }

        return null;
    }

    private static JsonObject? Life(string id, IEnumerable<JsonElement> records)
    {
        JsonObject? life = null;
        foreach (var record in records.Where(record => Text(record, "approvalId") == id))
        {
            life ??= new JsonObject
            {
                ["id"] = id,
                ["state"] = "open",
                ["grant"] = Text(record, "grant"),
                ["server"] = Text(record, "server"),
                ["tool"] = Text(record, "tool"),
                ["rule"] = Text(record, "rule"),
            };
            var (time, became) = (Text(record, "time"), Text(record, "became"));
            if (Text(record, "kind") == "decision" && Text(record, "approvedBy") is not null)
            {
                life["state"] = "used";
                life["used"] = time;
                life["callId"] = Text(record, "callId");
            }
            else if (became == "asked")
                life["asked"] = time;
            else if (became is "approved" or "denied")
            {
                life["state"] = became;
                life["answered"] = time;
                life["answeredBy"] = Text(record, "by");
                life["comment"] = Text(record, "comment");
            }
            else if (became is "expired" or "unused" or "withdrawn")
                life["state"] = became == "unused" ? "expired" : became;
        }

        return life;
    }

    private static string? Text(JsonElement record, string member) =>
        record.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
