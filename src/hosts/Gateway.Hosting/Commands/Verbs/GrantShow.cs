using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

internal static class GrantShow
{
    private static readonly Argument<string> Name = new("name") { Description = "The grant's name." };

    public static Command Create() => RemoteVerb.CreateRows("show",
        "Show a grant; its token is never shown again.\n\nExample:\n  gateway grant show support-bot", RunAsync, Name);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var grant = (await client.GetAsync(
            $"grants/{Uri.EscapeDataString(parsed.GetValue(Name)!)}", cancellation)).Object;
        Print(grant, output);
        return ExitCode.Well;
    }

    public static void Print(JsonObject grant, Output output)
    {
        output.Facts(grant,
        [
            ("name", (string?)grant["name"]),
            ("status", (string?)grant["status"]),
            ("paused by", grant["pausedBy"] is JsonArray pauses ? string.Join(", ", pauses) : null),
            ("servers", GrantCommand.Servers(grant)),
            .. GrantOptions.Members.Facts(grant),
            ("last used", Times.Show((string?)grant["lastUsed"]) ?? "never"),
            ("created", Times.Show((string?)grant["created"])),
            ("expires", Times.Show((string?)grant["expires"]) ?? "never"),
            ("old token until", Times.Show((string?)grant["previousTokenUntil"])),
            ("client", (string?)grant["client"]),
            ("client id", (string?)grant["clientId"]),
            ("allowed by", (string?)grant["allowedBy"]),
            ("from", (string?)grant["via"] ?? (string?)grant["origin"]),
        ]);
        foreach (var (server, url) in grant["urls"] as JsonObject ?? [])
            output.Note($"{server}: {url}");
        if (grant["url"] is { } all)
            output.Note($"all of them as one: {all}");
    }
}
