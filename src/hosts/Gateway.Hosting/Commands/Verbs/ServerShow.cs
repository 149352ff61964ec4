using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

internal static class ServerShow
{
    private static readonly Argument<string> Name = new("name") { Description = "The server's name." };

    public static Command Create() => RemoteVerb.CreateRows("show",
        "Show how a server is registered; header values and secrets are never shown.\n\nExample:\n"
        + "  gateway server show crm", RunAsync, Name);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var server = (await client.GetAsync(
            $"servers/{Uri.EscapeDataString(parsed.GetValue(Name)!)}", cancellation)).Object;
        output.Facts(server,
            ("name", (string?)server["name"]),
            ("status", Paused(server)),
            ("url", (string?)server["url"]),
            ("replicas", Replicas(server)),
            ("transport", Transport(server)),
            ("route", (string?)server["health"]?["route"]),
            ("tls", Joined(new JsonArray(
                [.. (server["tls"]?.AsObject() ?? []).Select(static file => (JsonNode)$"{file.Key} {file.Value}")]))),
            ("timeouts", ServerNetwork.Timeouts(server)),
            ("headers", Joined(server["headerNames"])),
            ("credential", Detached(server) is { } detached ? $"must be entered again: {detached}" : null),
            ("account", (string?)server["oauth"]?["clientId"]),
            ("no token", (string?)server["oauth"]?["lastError"]),
            ("programs", ServerPrograms.Count(server["programs"])),
            ("from", (string?)server["origin"]));
        return ExitCode.Well;
    }

    /// <summary><c>active</c>, or since when it is paused.</summary>
    public static string Paused(JsonNode server) => server["paused"] is not { } paused
        ? "active"
        : $"paused since {Times.Show((string?)paused["since"]) ?? "?"} by {(string?)paused["from"] ?? "?"}";

    /// <summary>Returns the credentials that must be entered again; null where there are none.</summary>
    public static string? Detached(JsonNode server) => Joined(server["detachedCredentials"]);

    /// <summary>Returns whether a route leads through a proxy.</summary>
    public static bool IsProxied(string? route) => route is not null and not "direct";

    /// <summary>Returns the replicas with the fault of each; null where there is only one.</summary>
    public static string? Replicas(JsonNode server) => server["replicas"] is JsonArray live
        ? string.Join(", ", live.Select(static one => (string?)one!["fault"] is { } fault
            ? $"{one["url"]} (not used: {fault})" : $"{one["url"]}"))
        : Joined(server["urls"]);

    /// <summary>
    /// Returns the transport and its open sessions; null where none was chosen and HTTP+SSE was not detected.
    /// </summary>
    public static string? Transport(JsonNode server) => server["sse"] is { } sse
        ? $"HTTP+SSE{((bool?)sse["detected"] == true ? " (detected)" : "")}, {sse["sessions"]} of "
            + $"{sse["sessionsMax"]} sessions open here"
        : (string?)server["transport"] switch { "sse" => "HTTP+SSE", "http" => "Streamable HTTP", _ => null };

    private static string? Joined(JsonNode? names) =>
        names is JsonArray { Count: > 0 } all ? string.Join(", ", all) : null;
}
