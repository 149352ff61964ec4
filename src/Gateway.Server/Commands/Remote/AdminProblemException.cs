using System.Text.Json.Nodes;
using Gateway.Mcp;

namespace Gateway.Server.Commands.Remote;

/// <summary>The gateway said no; the message is its own, with each place that is wrong on a line.</summary>
internal sealed class AdminProblemException(int status, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>The name that does not exist, as the gateway named it; null where it is about something else.</summary>
    public JsonObject? Unknown { get; private init; }

    public static AdminProblemException Of(int status, JsonNode? problem, Uri gateway)
    {
        if (problem is not JsonObject body || body["detail"] is null)
        {
            return new AdminProblemException(
                status, $"{gateway} answered {status} and is no gateway's admin API; check --gateway.");
        }

        var places = (body["errors"] as JsonArray ?? []).Select(static error =>
            "\n  "
            + VisibleText.Of($"{Place(error!)}{error!["severity"]} at {error["pointer"]}: {error["message"]}"));
        return new AdminProblemException(status, VisibleText.Of($"{body["detail"]}") + string.Concat(places))
        {
            Unknown = body["unknown"] as JsonObject,
        };
    }

    private static string Place(JsonNode error) =>
        error["line"] is { } line ? $"{line}:{error["column"]}: " : "";
}
