using System.Text.Json.Nodes;
using Gateway.Mcp.Writing;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>The gateway said no; the message is its own, with each place that is wrong on a line.</summary>
internal sealed class AdminProblemException(int status, string message) : Exception(message)
{
    public int Status => status;

    /// <summary>The name that does not exist, as the gateway named it; null where it is about something else.</summary>
    public JsonObject? Unknown { get; private init; }

    /// <summary>Each place that is wrong, as the gateway wrote it.</summary>
    public JsonArray Errors { get; private init; } = [];

    public static AdminProblemException Of(int status, JsonNode? problem, Uri gateway, string? key)
    {
        if (problem is not JsonObject body || body["detail"] is null)
        {
            return new AdminProblemException(
                status, $"{gateway} answered {status} and is no gateway's admin API; check --gateway.");
        }

        if (status == 401 && key?.StartsWith("pgo_", StringComparison.Ordinal) == true)
        {
            return new AdminProblemException(status,
                $"This key opens nothing at {gateway}: it has ended, was revoked, or its account is disabled.");
        }

        if (status == 401 && key is not null)
        {
            return new AdminProblemException(status,
                $"The gateway at {gateway} does not accept this admin key: it is another gateway's, was replaced, or "
                + "was turned off with \"gateway operator break-glass --disable\". Use an operator's key.");
        }

        var places = (body["errors"] as JsonArray ?? []).Where(error => IsMore(error!, body)).Select(static error =>
            "\n  "
            + VisibleText.Of($"{Place(error!)}{error!["severity"]}{At(error!)}: {error["message"]}"));
        return new AdminProblemException(status, VisibleText.Of($"{body["detail"]}") + string.Concat(places))
        {
            Unknown = body["unknown"] as JsonObject,
            Errors = body["errors"] as JsonArray ?? [],
        };
    }

    /// <summary>Whether it says more than the whole problem does already.</summary>
    private static bool IsMore(JsonNode error, JsonObject problem) =>
        error["line"] is not null
        || ((string?)error["message"])?.TrimEnd('.') != ((string?)problem["detail"])?.TrimEnd('.');

    private static string At(JsonNode error) =>
        (string?)error["pointer"] is { Length: > 0 } pointer ? $" at {pointer}" : "";

    private static string Place(JsonNode error) =>
        error["line"] is not { } line ? ""
        : error["file"] is { } file ? $"{file}:{line}:{error["column"]}: " : $"{line}:{error["column"]}: ";
}
