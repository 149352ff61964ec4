using System.Security.Cryptography;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Tests.Classifying;

/// <summary>Real tools, what they were labelled as, and which half they are in.</summary>
internal static class LabelledTools
{
    private const int DigitsOfDigest = 16;

    /// <summary>Where the definitions are; null where this machine has none.</summary>
    public static string? Definitions { get; } = Environment.GetEnvironmentVariable("GATEWAY_TOOL_DEFINITIONS");

    public static IReadOnlyList<Label> Labels { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Classifying", "labels.tsv"))
            .Where(static line => !line.StartsWith('#'))
            .Select(static line => line.Split('\t'))
            .Select(static cells => new Label(cells[0], cells[1], Enum.Parse<ToolCategory>(cells[2]))),
    ];

    public static IEnumerable<(Label Label, ToolFacts Tool)> Read(string half)
    {
        var labels = Labels.Where(label => label.Half == half).ToDictionary(static label => label.Digest);
        foreach (var line in File.ReadLines(Definitions!))
        {
            using var document = JsonDocument.Parse(line);
            var tool = document.RootElement;
            var name = tool.GetProperty("name").GetString()!;
            var description = tool.GetProperty("description").GetString()!;
            if (!labels.TryGetValue(Digest(name, description), out var label))
                continue;
            var hints = tool.TryGetProperty("annotations", out var given) ? given : default;
            yield return (label, new ToolFacts(name, description,
                tool.TryGetProperty("inputSchema", out var schema) ? schema.Clone() : default,
                Hint(hints, "readOnlyHint"), Hint(hints, "destructiveHint")));
        }
    }

    private static string Digest(string name, string description) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\0{description}")))[..DigitsOfDigest];

    private static bool? Hint(JsonElement hints, string name) =>
        hints.ValueKind == JsonValueKind.Object && hints.TryGetProperty(name, out var hint)
        && hint.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? hint.GetBoolean()
            : null;

    internal sealed record Label(string Digest, string Half, ToolCategory Category);
}
