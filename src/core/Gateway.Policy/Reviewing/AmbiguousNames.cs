using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Rules;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Reviewing;

/// <summary>
/// Finds tools of a server that are denied as <c>(ambiguous tool)</c>, always or until somebody accepts them.
/// </summary>
internal static class AmbiguousNames
{
    private const int NamesMax = 3;

    public static void Run(
        RuleSet rules, PolicyDocument document, JsonNode root, IReadOnlyList<ReviewedTool> tools, ProblemSink problems)
    {
        var listed = new ListedNames(tools.Select(static tool => tool.Name));
        foreach (var tool in tools)
        {
            var name = rules.Names.Of(tool.Name);
            var listing = listed.Of(tool.Name);
            var rule = rules.Names.RuleOf(name, tool.Class);
            if (name.Hidden is not null || !rule.IsListed
                || NameCheck.Evaluate(rules.Names, name, listing, ToolStanding.Unaccepted, out var isRecorded) is null
                || isRecorded)
                continue;
            var entry = document.Entries.FirstOrDefault(entry => entry.Pointer == rule.Pointer);
            problems.Warn(
                FindingKind.AmbiguousTool, entry?.NameOffset ?? root.Find("default")?.Offset ?? 0,
                entry?.Pointer ?? "/default",
                $"calls of {tool.Name} are denied as {PolicyRuleNames.AmbiguousTool}: {Why(name, listing)}");
        }
    }

    private static string Why(ToolName name, NameListing listing)
    {
        if (name.IsUnclear)
            return "its name has an invisible, blank or control character";
        return listing.LookAlikes.IsEmpty
            ? "its name looks like one that another entry covers; accept the tool, or give it an entry with its exact "
                + "name"
            : $"its name looks like {string.Join(", ", listing.LookAlikes.Take(NamesMax))}, which the server lists "
                + "too; give each an entry with its exact name";
    }
}
