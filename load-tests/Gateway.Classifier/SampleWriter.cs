using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Catalogue.Classifying;

namespace Gateway.Classifier;

/// <summary>
/// A writer for the sample that the ordinary tests measure: identifiers, labels and features of the part "dev". Each
/// description is reduced to the words that rules know, in their places, and to the hashes of the features that the
/// model knows.
/// </summary>
internal static class SampleWriter
{
    private const int DepthMax = 6;

    public static string Write(IReadOnlyList<LabelledTool> tools, Figures figures)
    {
        var text = new StringBuilder("""
            # The part "dev" of load-tests/catalogue/labels.tsv as features, by load-tests/catalogue/measure.
            # id, label, risk, hints (readOnly destructive), words that rules know in their places, members, hashes.

            """);
        text.Append(CultureInfo.InvariantCulture, $"# right {figures.Right} sure {figures.Sure} of {figures.Count}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"# mild {figures.GraveAsRead} called Read, {figures.RatedLow} rated Low of {figures.Count}\n");
        foreach (var category in Figures.Categories)
        {
            var ((right, there), (_, called)) = (figures.Recall(category), figures.Precision(category));
            text.Append(CultureInfo.InvariantCulture, $"# {category} {right} of {there} called {called}\n");
        }

        foreach (var tool in tools)
            text.Append(Line(tool)).Append('\n');
        return text.ToString();
    }

    private static string Line(LabelledTool one)
    {
        var tool = one.Tool;
        var masked = new RuleReading(tool).Text.Masked;
        var members = Reduced(tool.InputSchema, 0) ?? [];
        var reduced = tool with
        {
            Description = masked,
            InputSchema = JsonElement.Parse(members.ToJsonString()),
        };
        var more = ToolClassifier.HashesOf(tool).Except(ToolClassifier.HashesOf(reduced))
            .Where(static hash => !LinearModel.Shipped.Weights(hash).IsEmpty);
        return string.Join('\t', one.Id, one.Category, one.Risk,
            $"{tool.IsReadOnly?.ToString() ?? "-"} {tool.IsDestructive?.ToString() ?? "-"}", masked,
            members.ToJsonString(), string.Join(' ', more.Select(static hash => hash.ToString("x8", null))));
    }

    private static JsonObject? Reduced(JsonElement schema, int depth)
    {
        if (depth > DepthMax || schema.ValueKind != JsonValueKind.Object)
            return null;
        var kept = new JsonObject();
        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
            kept["type"] = type.GetString();
        if (schema.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            kept["enum"] = new JsonArray([.. choices.EnumerateArray()
                .Where(static choice => choice.ValueKind == JsonValueKind.String)
                .Select(static choice => JsonValue.Create(choice.GetString()))]);
        }

        if (schema.TryGetProperty("items", out var items) && Reduced(items, depth + 1) is { Count: > 0 } item)
            kept["items"] = item;
        if (schema.TryGetProperty("properties", out var members) && members.ValueKind == JsonValueKind.Object)
        {
            var properties = new JsonObject();
            foreach (var member in members.EnumerateObject())
                properties[member.Name] = Reduced(member.Value, depth + 1) ?? [];
            kept["properties"] = properties;
        }

        return kept;
    }
}
