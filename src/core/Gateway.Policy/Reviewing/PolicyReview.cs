using System.Buffers;
using System.Collections.Immutable;
using Gateway.Policy.Classes;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Patterns;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Reviewing;

/// <summary>
/// Finds probable mistakes in a policy, by itself and for the tools that a server offers now. All findings are
/// warnings, since a server may change its tools at any time. <see cref="FindingKind"/> lists them.
/// </summary>
public static class PolicyReview
{
    private const int NamesMax = 10;
    private static readonly SearchValues<char> ExpressionCharacters = SearchValues.Create("^$()[]{}|+\\");

    /// <summary>Returns the loader's problems, followed by the review's warnings if there is no error.</summary>
    /// <param name="utf8">The policy document.</param>
    /// <param name="file">The file name to show in problems.</param>
    /// <param name="tools">The tools that the server offers; null if unknown.</param>
    /// <param name="channels">The names of the gateway's channels; null if unknown.</param>
    public static ImmutableArray<PolicyProblem> Run(
        ReadOnlyMemory<byte> utf8, string file, IReadOnlyList<ReviewedTool>? tools,
        IReadOnlyCollection<string>? channels = null)
    {
        var loaded = PolicyLoader.Load(utf8, file);
        if (loaded.Policy is null)
            return loaded.Problems;
        var problems = new ProblemSink(file, new LineMap(utf8));
        var context = new DocumentContext(problems);
        var root = JsonTreeReader.Read(utf8.Span, PolicyBounds.DocumentDepthMax, duplicates: null, out _)!;
        var document = PolicyDocumentReader.Read(root, context)!;
        var found = new ProblemSink(file, new LineMap(utf8));
        ReviewEntry(root.Find("all_tools"), "/all_tools", channels, found);
        foreach (var entry in document.Entries)
        {
            if (entry.Class is null)
                ReviewName(entry.Name, entry.NameOffset, entry.Pointer, found);
            ReviewEntry(entry.Written, entry.Pointer, channels, found);
        }

        ClassFindings.Run(document, tools, found);

        foreach (var hide in document.Hide)
            ReviewName(hide.Glob, hide.Offset, hide.Pointer, found);
        if (tools is not null)
        {
            new ReviewRun(document, root, tools, found).Run();
            AmbiguousNames.Run(loaded.Policy.Rules, document, root, tools, found);
        }

        return [.. loaded.Problems, .. found.ToImmutable()];
    }

    // MCP (2025-11-25, Tools, Tool Names) allows letters, digits, underscore, hyphen and dot.
    private static void ReviewName(Glob name, int offset, string pointer, ProblemSink problems)
    {
        if (name.Text.AsSpan().ContainsAny(ExpressionCharacters))
        {
            problems.Warn(FindingKind.ExpressionName, offset, pointer,
                $"\"{Spelling.Shorten(name.Text)}\" looks like a regular expression, but only \"*\" and \"?\" are "
                + "wildcards: this name matches only a tool with exactly this name");
        }
    }

    /// <summary>Reviews one entry by itself, for any tools.</summary>
    private static void ReviewEntry(
        JsonNode? entry, string pointer, IReadOnlyCollection<string>? channels, ProblemSink problems)
    {
        ImpossibleConditions.Run(entry, pointer, problems);
        if (channels is not null && entry?.Find("approval")?.Find("escalate")?.Find("to") is { } to
            && !channels.Contains(to.Text))
        {
            problems.Warn(FindingKind.UnknownChannel, to.Offset, $"{pointer}/approval/escalate/to",
                $"there is no channel \"{to.Text}\", so nobody is notified"
                + Spelling.Suggest(to.Text!, channels));
        }
    }

    private sealed class ReviewRun(
        PolicyDocument document, JsonNode root, IReadOnlyList<ReviewedTool> tools, ProblemSink problems)
    {
        private readonly PatternIndex<ToolEntryDocument> _entries =
            new(document.Tools.Select(static entry => (entry.Name, entry)));

        private readonly PatternIndex<PatternDocument> _hidden =
            new(document.Hide.Select(static hide => (hide.Glob, hide)));

        private readonly ILookup<string, ReviewedTool> _byName = tools.ToLookup(static tool => tool.Name);
        private readonly ToolFindings _findings = new(document, root, problems);

        public void Run()
        {
            foreach (var hide in document.Hide)
                CheckOffered(hide.Glob, hide.Offset, hide.Pointer);
            var shown = tools.Where(tool => !IsHidden(tool.Name)).ToList();
            var covered = shown.ToLookup(tool => ClassFindings.EntryOf(document, _entries.Find(tool.Name), tool.Class));
            foreach (var entry in document.Tools)
                Check(entry, [.. covered[entry]]);
            foreach (var entry in document.Classes)
                CheckTools(entry, [.. covered[entry]]);
            CheckNamedTwice();
            // A tool that is uncertain for lack of a rule is denied.
            CheckUncovered([.. covered[null].Where(IsByDefault)]);
            // Tools of high risk are covered by another finding.
            _findings.Finish(document.DefaultAllows
                ? covered[null].Where(tool => IsByDefault(tool) && tool.HighRiskReason is null)
                : []);
        }

        private void Check(ToolEntryDocument entry, List<ReviewedTool> covered)
        {
            if (!CheckOffered(entry.Name, entry.NameOffset, entry.Pointer))
                return;
            if (covered.Count == 0)
            {
                problems.Warn(FindingKind.NeverDecides, entry.NameOffset, entry.Pointer,
                    $"every tool that \"{entry.Name}\" matches is hidden or has a more specific entry"
                    + (document.Classes.IsEmpty ? "" : " or a rule of its class") + ", so this entry never decides");
                return;
            }

            CheckTools(entry, covered);
        }

        private void CheckTools(ToolEntryDocument entry, List<ReviewedTool> covered)
        {
            foreach (var (path, offset, pointer) in ReviewPaths.Of(entry.Written, entry.Pointer))
            {
                var lacking = covered.Find(tool => !ReviewPaths.IsInSchema(path.Steps, tool.InputSchema));
                if (lacking is not null)
                {
                    problems.Warn(FindingKind.UnknownArgument, offset, pointer,
                        $"\"{path}\" is not an argument of {lacking.Name}: the tool's schema does not contain this "
                            + "argument");
                }
            }

            _findings.Check(entry, covered);
        }

        /// <summary>Returns true if the server has a tool of that name, or one that the pattern matches.</summary>
        private bool CheckOffered(Glob name, int offset, string pointer)
        {
            if (name.IsExact ? _byName.Contains(name.Text) : tools.Any(tool => name.Matches(tool.Name)))
                return true;
            var kind = name.IsExact ? FindingKind.UnknownTool : FindingKind.EmptyPattern;
            problems.Warn(kind, offset, pointer, name.IsExact
                ? $"the server offers no tool \"{name}\"{Spelling.Suggest(name.Text, tools.Select(t => t.Name))}"
                : $"\"{name}\" matches no tool that the server offers");
            return false;
        }

        /// <summary>Finds tools that two patterns match, of which only the longer one applies.</summary>
        private void CheckNamedTwice()
        {
            var patterns = document.Tools.Where(static entry => !entry.Name.IsExact).ToList();
            foreach (var tool in tools.Where(tool => !IsHidden(tool.Name)))
            {
                var winner = _entries.Find(tool.Name);
                var loser = patterns.Find(entry => entry != winner && entry.Name.Matches(tool.Name));
                if (loser is not null && winner is { Name.IsExact: false })
                {
                    problems.Warn(FindingKind.NamedTwice, loser.NameOffset, loser.Pointer,
                        $"\"{loser.Name}\" and \"{winner.Name}\" match {tool.Name}: only {winner.Pointer} applies");
                }
            }
        }

        private void CheckUncovered(List<ReviewedTool> uncovered)
        {
            var offset = root.Find("default")?.Offset ?? 0;
            foreach (var tool in uncovered.Where(tool => document.DefaultAllows && tool.HighRiskReason is not null))
            {
                problems.Warn(FindingKind.OpenRisk, offset, "/default",
                    $"\"default\": \"allow\" allows {tool.Name}, a high-risk tool: {tool.HighRiskReason}");
            }

            var names = uncovered.Where(tool => !document.DefaultAllows || tool.HighRiskReason is null)
                .Select(static tool => tool.Name).ToList();
            if (names.Count == 0)
                return;
            var more = names.Count > NamesMax ? $" and {names.Count - NamesMax} more" : "";
            problems.Warn(FindingKind.Uncovered, offset, "/default",
                $"no entry covers {string.Join(", ", names.Take(NamesMax))}{more}: the default "
                + (document.DefaultAllows ? "allows them" : "denies them"));
        }

        private bool IsByDefault(ReviewedTool tool) =>
            document.Classes.IsEmpty || tool.Class != ToolClass.Uncertain;

        private bool IsHidden(string name) => _hidden.Find(name) is not null;
    }
}
