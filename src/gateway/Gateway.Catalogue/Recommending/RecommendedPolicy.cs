using System.Text.Json.Nodes;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;

namespace Gateway.Catalogue.Recommending;

/// <summary>A complete policy for a server, with notes about it.</summary>
/// <param name="Document">The policy. It denies every tool that it does not name; each entry has its reason.</param>
/// <param name="Notes">One line per tool, including omitted ones.</param>
public sealed record RecommendedPolicy(JsonObject Document, IReadOnlyList<string> Notes)
{
    /// <summary>Returns the policy for these tools, in the order of their names.</summary>
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
                notes.Add($"{tool.Name}: omitted, because no entry can have this name; it is denied");
                continue;
            }

            // An agent only sees the reason if an entry denies, which none of these entries does by itself.
            entry["reason"] = why;
            entries[tool.Name] = entry;
            notes.Add($"{tool.Name}: {why}");
        }

        var document = new JsonObject
        {
            ["version"] = "1",
            ["description"] = $"Recommended for {server}, by classifier {Classification.Version}. The \"reason\" of "
                + "each entry contains the classification of its tool. Any other tool is denied.",
            ["default"] = "deny",
            ["tools"] = entries,
        };
        return new RecommendedPolicy(document, notes);
    }
}
