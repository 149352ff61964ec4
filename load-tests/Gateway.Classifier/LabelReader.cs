using System.Text.Json;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Classifier;

/// <summary>A reader that joins the labels with the definitions from load-tests/catalogue/collect.py.</summary>
internal static class LabelReader
{
    public const string More = "more";
    private const int IdCell = 0;
    private const int FamilyCell = 2;
    private const int PartCell = 3;
    private const int CategoryCell = 8;
    private const int RiskCell = 9;

    /// <summary>Returns the labeled tools of these parts that have definitions, in the order of the labels.</summary>
    public static (IReadOnlyList<LabelledTool> Tools, int Missing) Read(
        string definitions, string labels, params string[] parts)
    {
        var wanted = Rows(labels, parts).ToList();
        var ids = wanted.Select(static row => row.Id).ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, (ToolFacts Tool, string Author)>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(definitions))
        {
            using var document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 512 });
            var root = document.RootElement;
            if (root.GetProperty("id").GetString() is { } id && ids.Contains(id))
                found[id] = (Facts(root), root.GetProperty("author").GetString() ?? "");
        }

        var tools = wanted.Where(row => found.ContainsKey(row.Id)).Select(row =>
        {
            var (tool, author) = found[row.Id];
            var group = row.Family.Length > 0 ? row.Family : author.Length > 0 ? author : row.Id.Split('|')[1];
            return new LabelledTool(row.Id, row.Part, group, tool, row.Category, row.Risk);
        }).ToList();
        return (tools, wanted.Count - tools.Count);
    }

    private static IEnumerable<(string Id, string Family, string Part, ToolCategory Category, RiskLevel Risk)> Rows(
        string labels, string[] parts)
    {
        foreach (var cells in Cells(Path.Combine(labels, "labels.tsv")).Skip(1))
        {
            if (parts.Contains(cells[PartCell]))
            {
                yield return (cells[IdCell], cells[FamilyCell], cells[PartCell],
                    Enum.Parse<ToolCategory>(cells[CategoryCell]), Enum.Parse<RiskLevel>(cells[RiskCell]));
            }
        }

        if (!parts.Contains(More))
            yield break;
        foreach (var cells in Cells(Path.Combine(labels, "labels-train.tsv")))
        {
            yield return (cells[0], "", More,
                Enum.Parse<ToolCategory>(cells[1]), Enum.Parse<RiskLevel>(cells[2]));
        }
    }

    private static IEnumerable<string[]> Cells(string path) => File.ReadLines(path)
        .Where(static line => !line.StartsWith('#')).Select(static line => line.Split('\t'));

    public static ToolFacts Facts(JsonElement root)
    {
        var hints = root.GetProperty("annotations");
        return new ToolFacts(
            root.GetProperty("name").GetString()!,
            root.GetProperty("description").GetString(),
            root.GetProperty("schema") is { ValueKind: JsonValueKind.Object } schema
                ? schema.Clone()
                : JsonElement.Parse("{}"),
            Hint(hints, "readOnlyHint"), Hint(hints, "destructiveHint"), null, root.GetProperty("title").GetString());
    }

    private static bool? Hint(JsonElement hints, string name) =>
        hints.ValueKind == JsonValueKind.Object && hints.TryGetProperty(name, out var hint)
        && hint.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? hint.GetBoolean()
            : null;
}
