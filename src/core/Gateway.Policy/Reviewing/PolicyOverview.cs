using System.Collections.Immutable;
using Gateway.Policy.Classes;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Reviewing;

/// <summary>A policy in words: the effect of each part, and the known tools to which it applies.</summary>
/// <param name="Parts">The parts in this order: <c>hide</c>, <c>all_tools</c>, the entries, and the rest.</param>
/// <param name="Uncovered">Known tools that no entry matches and that are not hidden.</param>
public sealed record PolicyOverview(ImmutableArray<PolicyPart> Parts, ImmutableArray<string> Uncovered)
{
    /// <summary>Returns the overview of a document; null if it does not load.</summary>
    /// <param name="utf8">The policy document.</param>
    /// <param name="tools">The names of the tools that a server offers.</param>
    /// <param name="classOf">Returns the accepted class of a tool; null if none is accepted.</param>
    public static PolicyOverview? Of(
        ReadOnlyMemory<byte> utf8, IReadOnlyList<string> tools, Func<string, ToolClass>? classOf = null)
    {
        ArgumentNullException.ThrowIfNull(tools);
        if (PolicyLoader.Load(utf8, "policy").Policy is null)
            return null;
        var root = JsonTreeReader.Read(utf8.Span, PolicyBounds.DocumentDepthMax, duplicates: null, out _)!;
        var document = PolicyDocumentReader.Read(
            root, new DocumentContext(new ProblemSink("policy", new LineMap(utf8))));
        return new Building(document, tools, classOf ?? (static _ => ToolClass.Uncertain)).Run();
    }

    private sealed class Building(
        PolicyDocument document, IReadOnlyList<string> tools, Func<string, ToolClass> classOf)
    {
        public PolicyOverview Run()
        {
            var hidden = new PatternIndex<PatternDocument>(document.Hide.Select(static hide => (hide.Glob, hide)));
            var entries = new PatternIndex<ToolEntryDocument>(
                document.Tools.Select(static entry => (entry.Name, entry)));
            var shown = tools.Where(tool => hidden.Find(tool) is null).ToList();
            var decided = shown.ToLookup(
                tool => ClassFindings.EntryOf(document, entries.Find(tool), classOf(tool)));
            ImmutableArray<string> uncovered = [.. decided[null]];
            var hasUncertain = !document.Classes.IsEmpty
                && document.Classes.All(static entry => entry.Class != ToolClass.Uncertain);
            ImmutableArray<string> uncertain =
                hasUncertain ? [.. uncovered.Where(tool => classOf(tool) == ToolClass.Uncertain)] : [];
            uncovered = [.. uncovered.Except(uncertain)];
            return new PolicyOverview(
                [
                    .. document.Hide.Select(hide => new PolicyPart(hide.Pointer, hide.Glob.Text,
                        [new(hide.Pointer, "not shown in lists, and denied when called")],
                        Matches(hide.Glob, tools), Matches(hide.Glob, tools))),
                    .. AllTools(shown),
                    .. document.Tools.Select(entry => new PolicyPart(
                        entry.Pointer, entry.Name.Text, RuleSentences.Of(entry, document.IsShadow),
                        [.. decided[entry]], Matches(entry.Name, tools))),
                    .. document.Classes.Select(entry => new PolicyPart(
                        entry.Pointer, entry.Name.Text, RuleSentences.Of(entry, document.IsShadow),
                        [.. decided[entry]], OfClass(entry.Class!.Value, shown))),
                    .. hasUncertain
                        ? [new PolicyPart("/classes", "class uncertain",
                            [new("/classes", "every call is denied until a person accepts a class of the tool")],
                            uncertain, OfClass(ToolClass.Uncertain, shown))]
                        : Array.Empty<PolicyPart>(),
                    new PolicyPart("/default", "any other tool",
                        [new("/default", document.DefaultAllows ? "every call is allowed" : "every call is denied")],
                        uncovered, uncovered),
                    .. Section("resources", document.Resources),
                    .. Section("prompts", document.Prompts),
                ],
                uncovered);
        }

        private IEnumerable<PolicyPart> AllTools(List<string> shown)
        {
            var said = RuleSentences.Of(document.AllTools);
            return said.IsEmpty ? [] : [new PolicyPart("/all_tools", "all tools", said, [.. shown], [.. shown])];
        }

        private static IEnumerable<PolicyPart> Section(string name, SectionDocument? section) =>
            section is null ? [] : [new PolicyPart(section.Pointer, name, RuleSentences.Of(section), [], [])];

        private ImmutableArray<string> OfClass(ToolClass toolClass, List<string> shown) =>
            [.. shown.Where(tool => classOf(tool) == toolClass)];

        private static ImmutableArray<string> Matches(Glob glob, IReadOnlyList<string> tools) =>
            [.. tools.Where(tool => glob.Matches(tool))];
    }
}

/// <summary>One part of a policy in words.</summary>
/// <param name="Pointer">The location of the part.</param>
/// <param name="Name">The name or pattern, or the subject of the part.</param>
/// <param name="Sentences">The effects of the part.</param>
/// <param name="Tools">The known tools to which the part applies.</param>
/// <param name="Matches">
/// The known tools whose names it matches; a more specific part may apply to some of them.
/// </param>
public sealed record PolicyPart(
    string Pointer, string Name, ImmutableArray<RuleSentence> Sentences, ImmutableArray<string> Tools,
    ImmutableArray<string> Matches);
