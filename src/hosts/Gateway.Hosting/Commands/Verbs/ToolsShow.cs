using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway tools show</c>: all that is known of one tool.</summary>
internal static class ToolsShow
{
    private const int DescriptionCharsMax = 2_000;

    private static readonly Argument<string> Server = new("server") { Description = "The server that offers it." };

    private static readonly Argument<string> Tool = new("tool") { Description = "The tool's name." };

    public static Command Create() => RemoteVerb.Create("show",
        "Show what a tool does, how risky it is and why, what can go wrong, which rule fits, and who may call it.\n\n"
        + "Example:\n  gateway tools show crm delete_customer", ShowAsync, Server, Tool, ToolsCommand.Refresh);

    private static async Task<int> ShowAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var path = $"catalogue/{Uri.EscapeDataString(parsed.GetValue(Server)!)}"
            + $"/tools/{Uri.EscapeDataString(parsed.GetValue(Tool)!)}?{ToolsCommand.Query(parsed)}".TrimEnd('?');
        var page = (await client.GetAsync(path, cancellation)).Object;
        if (output.IsJson)
        {
            output.Json(page);
            return ExitCode.Well;
        }

        ToolsCommand.WarnIfStale((string)page["server"]!, page);
        var confidence = (double)page["confidence"]!;
        output.Facts(page,
            ("tool", (string?)page["name"]),
            ("server", (string?)page["server"]),
            ("says", Cut((string?)page["description"])),
            ("category", (string?)page["category"]),
            ("risk", (string?)page["risk"]),
            ("confidence", confidence.ToString("0.00", CultureInfo.InvariantCulture)
                + ((bool)page["sure"]! ? "" : ", uncertain")),
            ("seen", (string?)page["seenAt"]));
        Section(output, "Why", page["reasons"], static reason => (string)reason!);
        Section(output, "What can go wrong", page["attackPatterns"], static pattern =>
            $"{pattern["name"]}: {pattern["what"]} Stopped by: {pattern["stoppedBy"]}. {Sources(pattern["sources"])}");
        if (page["recommendedRule"] is { } rule)
        {
            output.Line("");
            output.Line("Recommended rule, under \"default\": \"deny\"");
            output.Json(new JsonObject { [(string)page["name"]!] = rule.DeepClone() });
        }

        Section(output, "Grants", page["grants"],
            static grant => $"{grant["grant"]}: {grant["outcome"]} by {grant["rule"]}");
        if (page["usage"] is { } usage)
        {
            output.Line("");
            output.Line(UsageText.Summary("Last 24 hours", usage));
        }

        Section(output, "Related", page["related"], static tool => $"{tool["name"]} ({tool["because"]})");
        return ExitCode.Well;
    }

    private static string? Cut(string? text) =>
        text?.Length > DescriptionCharsMax ? text[..DescriptionCharsMax] + "…" : text;

    private static string Sources(JsonNode? sources) =>
        sources is JsonArray { Count: > 0 } all ? $"({string.Join(", ", all)})" : "(no public entry)";

    private static void Section(Output output, string title, JsonNode? items, Func<JsonNode, string> line)
    {
        if (items is not JsonArray { Count: > 0 } all)
            return;
        output.Line("");
        output.Line(title);
        foreach (var item in all)
            output.Line($"  {line(item!)}");
    }
}
