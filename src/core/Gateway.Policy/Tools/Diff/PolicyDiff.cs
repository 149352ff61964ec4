using System.Collections.Immutable;
using System.Text;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Patterns;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Policy.Tools.Diff;

/// <summary>
/// Describes for each tool what a new policy allows or denies in contrast to the current one. Calls are generated from
/// the rules of both policies and decided by both, so that each example is decided differently. If no example is found
/// although the text differs, the text is reported.
/// </summary>
public static class PolicyDiff
{
    /// <summary>Represents the tools that no entry of either policy matches.</summary>
    public const string OtherTools = "(any other tool)";

    private const string SomeName = "some_other_tool";
    private const int PairsMax = 200;

    /// <summary>Returns the differences, in the order of the first policy, then of the second.</summary>
    /// <param name="before">The first policy.</param>
    /// <param name="beforeUtf8">Its document.</param>
    /// <param name="after">The second policy.</param>
    /// <param name="afterUtf8">Its document.</param>
    /// <param name="tools">
    /// The tools to compare; null for those that the two policies name, and one that they do not.
    /// </param>
    /// <param name="classOf">Returns the accepted class of a tool; null if none is accepted.</param>
    public static ImmutableArray<ToolDifference> Compare(
        CompiledPolicy before, ReadOnlyMemory<byte> beforeUtf8, CompiledPolicy after, ReadOnlyMemory<byte> afterUtf8,
        IReadOnlyList<string>? tools = null, Func<string, ToolClass>? classOf = null)
    {
        var (old, now) = (new DiffSide(before, beforeUtf8), new DiffSide(after, afterUtf8));
        var names = tools?.Select(tool => (Label: tool, Tool: tool, Class: classOf?.Invoke(tool) ?? default))
            ?? Names(old, now).DistinctBy(static name => name.Tool).SelectMany(name => Classes(old, now, name));
        var differences = names.DistinctBy(static name => (name.Tool, name.Class))
            .Select(name => (name.Label, name.Tool, Old: old.For(name.Class), Now: now.For(name.Class)))
            .Where(static name => name.Old.TextOf(name.Tool) != name.Now.TextOf(name.Tool))
            .Select(static name => OfTool(name.Old, name.Now, name.Label, name.Tool)).OfType<ToolDifference>();
        var sections = old.TextOfSections == now.TextOfSections ? [] : OfSections(old, now);
        return [.. differences.Concat(sections).DistinctBy(static found => (found.Tool, found.Change))];
    }

    private static ToolDifference? OfTool(DiffSide old, DiffSide now, string label, string tool)
    {
        var examples = new ExampleSearch(old, now, tool).Run();
        if (examples.Length > 0)
        {
            var change = examples.Length == 2 ? "different" : examples[0].IsLooser ? "looser" : "tighter";
            return new ToolDifference(label, change, examples, []);
        }

        if (old.IsListed(tool) != now.IsListed(tool))
            return new ToolDifference(label, "different", [],
                [now.IsListed(tool) ? "it is shown in lists now" : "it is no longer shown in lists"]);
        var said = DocumentChanges.Between(Wrap(old, tool), Wrap(now, tool))
            .Where(static change => !DiffSide.IsSilent(change)).ToImmutableArray();
        return said.IsEmpty ? null
            : new ToolDifference(label, InFlightDifference.Between(old, now, tool, said) ?? "different", [], said);
    }

    private static byte[] Wrap(DiffSide side, string tool) => Encoding.UTF8.GetBytes(side.RulesText(tool));

    /// <summary>
    /// Returns each name and pattern with a tool that it matches, including tools that two patterns match.
    /// </summary>
    private static IEnumerable<(string Label, string Tool)> Names(DiffSide old, DiffSide now)
    {
        var globs = old.Names.Concat(now.Names).DistinctBy(static glob => glob.Text).ToList();
        var patterns = globs.Where(static glob => !glob.IsExact).ToList();
        foreach (var glob in globs)
        {
            foreach (var tool in Witnesses(glob))
                yield return (glob.Text, tool);
        }

        var pairs = from one in patterns
                    from two in patterns
                    let tool = one.Prefix + "x" + two.Suffix
                    where one != two && one.Matches(tool) && two.Matches(tool)
                    select (one.Text, tool);
        foreach (var pair in pairs.Take(PairsMax))
            yield return pair;
        yield return (OtherTools, SomeName);
    }

    /// <summary>
    /// Returns a tool in each class that one of the policies has a rule for, and in one that neither has: all of the
    /// latter have the same rule. The class of a tool that both name exactly does not matter.
    /// </summary>
    private static IEnumerable<(string Label, string Tool, ToolClass Class)> Classes(
        DiffSide old, DiffSide now, (string Label, string Tool) name)
    {
        if ((!old.HasClasses && !now.HasClasses) || (old.Names.Any(IsName) && now.Names.Any(IsName)))
            return [(name.Label, name.Tool, ToolClass.Uncertain)];
        var all = Enumerable.Range(0, ToolClasses.Names.Count).Select(static one => (ToolClass)one)
            .ToLookup(one => old.RulesClass(one) || now.RulesClass(one));
        return all[false].Take(1).Select(one => (name.Label, name.Tool, one))
            .Concat(all[true].Select(one => ($"{name.Label} of class {ToolClasses.NameOf(one)}", name.Tool, one)));

        bool IsName(Glob glob) => glob.IsExact && glob.Text == name.Tool;
    }

    private static IEnumerable<string> Witnesses(Glob glob) => glob.IsExact
        ? [glob.Text]
        : ((string[])["some", "x", ""]).Select(run => glob.Text.Replace("*", run, StringComparison.Ordinal)
            .Replace('?', 'x')).Where(tool => tool.Length > 0 && glob.Matches(tool));

    private static IEnumerable<ToolDifference> OfSections(DiffSide old, DiffSide now)
    {
        foreach (var (section, style, other) in ((string, GlobStyle, string)[])
            [("resources", GlobStyle.Uri, "file:///some/other"), ("prompts", GlobStyle.Name, "some_other_prompt")])
        {
            var names = old.PatternsOf(section, style).Concat(now.PatternsOf(section, style))
                .DistinctBy(static glob => glob.Text)
                .SelectMany(glob => Witnesses(glob).Select(name => (Label: glob.Text, Name: name)))
                .Append((Label: "(any other)", Name: other));
            foreach (var (label, name) in names)
            {
                var call = section == "prompts" ? PolicyCall.OfPrompt(name) : PolicyCall.OfResource(name);
                var example = new CallExample(name, "", [new("test", 0, 1)],
                    Outcome(old.Decide(call)), Outcome(now.Decide(call)));
                if (CallExample.Openness(example.Before) != CallExample.Openness(example.After))
                    yield return new ToolDifference(
                        $"{section} {label}", example.IsLooser ? "looser" : "tighter", [example], []);
            }
        }
    }

    private static CallDecision Outcome(PolicyDecision decision) => new(
        decision.Outcome == DecisionOutcome.Deny ? "deny" : "allow", decision.Rule, decision.Reason);
}

/// <summary>The difference for calls of one tool, or of the tools that one pattern matches.</summary>
/// <param name="Tool">A tool's name, a pattern, or <see cref="PolicyDiff.OtherTools"/>.</param>
/// <param name="Change"><c>looser</c>, <c>tighter</c> or <c>different</c>, which means both or neither.</param>
/// <param name="Examples">Calls that are decided differently: at most one of each direction.</param>
/// <param name="Said">The changes of the text if no example shows the difference; otherwise empty.</param>
public sealed record ToolDifference(
    string Tool, string Change, ImmutableArray<CallExample> Examples, ImmutableArray<string> Said);
