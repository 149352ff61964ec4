using Gateway.Policy.Classes;
using Gateway.Policy.Documents;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Reviewing;

/// <summary>
/// Finds rules by class that replace other rules: of a pattern, or of a class that a server can leave by changing a
/// definition.
/// </summary>
internal static class ClassFindings
{
    private const int NamesMax = 10;

    /// <summary>Returns the entry that decides on a tool; null for the default or the denial of such tools.</summary>
    /// <param name="document">The document.</param>
    /// <param name="entry">The entry of <c>tools</c> that matches the tool; null if there is none.</param>
    /// <param name="toolClass">The accepted class of the tool.</param>
    public static ToolEntryDocument? EntryOf(
        PolicyDocument document, ToolEntryDocument? entry, ToolClass toolClass)
    {
        if (document.Classes.IsEmpty || entry is { Name.IsExact: true })
            return entry;
        return document.Classes.FirstOrDefault(one => one.Class == toolClass)
            ?? (toolClass == ToolClass.Uncertain ? null : entry);
    }

    public static void Run(
        PolicyDocument document, IReadOnlyList<ReviewedTool>? tools, ProblemSink problems)
    {
        if (document.Classes.IsEmpty)
            return;
        CheckUncertain(document, problems);
        if (tools is not null)
            CheckPatterns(document, tools, problems);
    }

    private static void CheckUncertain(PolicyDocument document, ProblemSink problems)
    {
        if (document.Classes.FirstOrDefault(static one => one.Class == ToolClass.Uncertain) is not { } uncertain)
            return;
        var stricter = document.Classes.Where(one => Strictness(document, one) > Strictness(document, uncertain))
            .Select(static one => ToolClasses.NameOf(one.Class!.Value)).ToList();
        if (stricter.Count > 0)
        {
            problems.Warn(FindingKind.LooseUncertain, uncertain.NameOffset, uncertain.Pointer,
                $"the rule of {string.Join(", ", stricter)} is stricter, and a tool counts as uncertain as soon as its "
                + "server changes the definition: make this rule at least as strict");
        }
    }

    private static void CheckPatterns(
        PolicyDocument document, IReadOnlyList<ReviewedTool> tools, ProblemSink problems)
    {
        var entries = new PatternIndex<ToolEntryDocument>(document.Tools.Select(static one => (one.Name, one)));
        var replaced = tools.Select(tool => (Tool: tool, Entry: entries.Find(tool.Name)))
            .Where(one => one.Entry is { Name.IsExact: false })
            .Select(one => (one.Tool, Entry: one.Entry!, Rule: EntryOf(document, one.Entry, one.Tool.Class)))
            .Where(static one => one.Rule != one.Entry)
            .GroupBy(static one => (one.Entry, one.Rule));
        foreach (var group in replaced)
        {
            var (entry, rule) = group.Key;
            var names = group.Select(static one => one.Tool.Name).ToList();
            var more = names.Count > NamesMax ? $" and {names.Count - NamesMax} more" : "";
            var rank = Strictness(document, rule).CompareTo(Strictness(document, entry));
            problems.Warn(FindingKind.ClassBeforePattern, entry.NameOffset, entry.Pointer,
                $"\"{entry.Name}\" matches {string.Join(", ", names.Take(NamesMax))}{more}, but "
                + $"{rule?.Pointer ?? "the denial of tools without an accepted class"} decides, which is "
                + (rank > 0 ? "stricter" : rank < 0 ? "looser" : "another rule")
                + ": give such a tool an entry with its exact name to decide otherwise");
        }
    }

    // Limits and conditions of two rules need not be comparable; the action is.
    private static int Strictness(PolicyDocument document, ToolEntryDocument? rule) => rule switch
    {
        null => 3,
        _ when rule.IsShadow ?? document.IsShadow => 0,
        { Action: ToolAction.Deny } => 3,
        { Action: ToolAction.Approve } => 2,
        { Limits.IsEmpty: false } or { Budgets.IsEmpty: false } or { ApproveIf.IsEmpty: false } => 1,
        _ => 0,
    };
}
