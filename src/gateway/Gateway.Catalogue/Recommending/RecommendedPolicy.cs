using System.Text.Json.Nodes;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Recommending;

/// <summary>A whole policy for a server, and what is to be said of it.</summary>
/// <param name="Document">It denies what it does not name; each entry has its reason.</param>
/// <param name="Notes">One line a tool, and what was left out.</param>
public sealed record RecommendedPolicy(JsonObject Document, IReadOnlyList<string> Notes)
{
    /// <summary>The policy for these tools, in the order of their names.</summary>
    public static RecommendedPolicy Of(string server, IReadOnlyList<(ToolFacts Tool, Classification Found)> tools)
    {
        var entries = new JsonObject();
        var notes = new List<string>();
        foreach (var (tool, found) in tools.DistinctBy(static one => one.Tool.Name))
        {
            var doubt = found.IsSure ? "" : ", uncertain";
            var why = $"{found.Category}, {found.Risk}{doubt}: {string.Join(' ', found.Reasons)}";
            if (RecommendedRule.Of(tool, found) is not { } entry)
            {
                notes.Add($"{tool.Name}: left out, as no entry can have this name; so it is denied");
                continue;
            }

            // To an agent it is said only where an entry denies, which none of these does by itself.
            entry["reason"] = why;
            entries[tool.Name] = entry;
            notes.Add($"{tool.Name}: {why}");
        }

        var document = new JsonObject
        {
            ["version"] = "1",
            ["description"] = $"Recommended for {server}, by classifier {Classification.Version}. The \"reason\" of "
                + "each entry says what the tool was taken for. What is not named is denied.",
            ["default"] = "deny",
            ["tools"] = entries,
        };
        return new RecommendedPolicy(document, notes);
    }
}
