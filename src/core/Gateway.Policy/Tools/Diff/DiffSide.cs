using System.Text;
using System.Text.Json.Nodes;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Explaining;
using Gateway.Policy.Patterns;
using Gateway.Policy.Rules;

namespace Gateway.Policy.Tools.Diff;

/// <summary>One of the two policies that are compared: what it decides, and what it says of a tool.</summary>
internal sealed class DiffSide
{
    private static readonly string[] OfAllTools = ["default", "mode", "case_variants", "pin", "all_tools"];

    // They say what a call is told, or nothing about a call.
    private static readonly string[] Silent = ["description", "tests", "record_arguments"];

    private readonly PolicyBinding _binding;
    private readonly JsonObject _document;
    private readonly JsonObject _tools;
    private readonly PatternIndex<Glob> _entries;
    private readonly List<Glob> _hidden;
    private readonly string _common;

    public DiffSide(CompiledPolicy policy, ReadOnlyMemory<byte> utf8)
    {
        Policy = policy;
        _binding = policy.Bind("test", "server");
        _document = JsonNode.Parse(utf8.Span)!.AsObject();
        _tools = _document["tools"] as JsonObject ?? [];
        Entries = [.. _tools.Select(static entry => new Glob(entry.Key, GlobStyle.Name))];
        _entries = new PatternIndex<Glob>(Entries.Select(static entry => (entry, entry)));
        _hidden = [.. Texts(_document["hide"]).Select(static name => new Glob(name, GlobStyle.Name))];
        _common = string.Concat(OfAllTools.Select(name => $"{_document[name]?.ToJsonString()}\n"));
    }

    public CompiledPolicy Policy { get; }

    public IReadOnlyList<Glob> Entries { get; }

    public IEnumerable<Glob> Names => Entries.Concat(_hidden);

    /// <summary>Everything in the text that can bear on a call of this tool.</summary>
    public string TextOf(string tool) =>
        $"{_common}{_hidden.Exists(hide => hide.Matches(tool))}\n{EntryOf(tool)}";

    /// <summary>The rules that bear on it.</summary>
    public IEnumerable<JsonNode?> RulesOf(string tool) =>
        [_document["all_tools"], _entries.Find(tool) is { } entry ? _tools[entry.Text] : null];

    /// <summary>The same as one document.</summary>
    public string RulesText(string tool) => new JsonObject
    {
        ["all_tools"] = _document["all_tools"]?.DeepClone(),
        ["entry"] = _entries.Find(tool) is { } entry ? _tools[entry.Text]?.DeepClone() : null,
    }.ToJsonString();

    private string EntryOf(string tool) => _entries.Find(tool) is { } entry
        ? $"{JsonValue.Create(entry.Text).ToJsonString()}: {_tools[entry.Text]?.ToJsonString()}"
        : "(default)";

    /// <summary>The parts that judge no tool: resources, prompts.</summary>
    public string TextOfSections => string.Concat(((string[])["resources", "prompts", "default", "mode"])
        .Select(name => $"{_document[name]?.ToJsonString()}\n"));

    public IEnumerable<Glob> PatternsOf(string section, GlobStyle style) =>
        ((string[])["allow", "deny"]).SelectMany(list => Texts(_document[section]?[list]))
            .Select(name => new Glob(name, style));

    public PolicyDecision Decide(in PolicyCall call) => PolicyEngine.Decide(_binding, call);

    public PolicyDecision Decide(string tool, string arguments) =>
        Decide(Call(tool, arguments));

    public bool IsListed(string tool) => PolicyEngine.IsListed(_binding, ListKind.Tools, tool);

    /// <summary>How far a call comes in the order of evaluation.</summary>
    public int StepsPassed(string tool, string arguments)
    {
        var explained = PolicyExplainer.Explain(_binding, Call(tool, arguments));
        return explained.Steps.Length + (explained.Decision.Outcome == DecisionOutcome.Deny ? 0 : 1000);
    }

    /// <summary>The limits that a call with these arguments is counted on.</summary>
    public IEnumerable<(Window Window, Amount Max, Amount Cost)> LimitsOf(string tool, string arguments) =>
        Decide(tool, arguments).Costs.Select(static cost => (cost.Window, cost.Cost.Max, cost.Cost.Cost));

    private static IEnumerable<string> Texts(JsonNode? list) =>
        (list as JsonArray ?? []).Select(static item => $"{item}");

    private static PolicyCall Call(string tool, string arguments) => PolicyCall.OfTool(
        tool, Encoding.UTF8.GetBytes(arguments), DateTimeOffset.FromUnixTimeMilliseconds(ExampleSearch.StartMs));

    /// <summary>Whether the time of a call matters.</summary>
    public bool ReadsTime(string tool) => RulesText(tool).Contains("\"time\":", StringComparison.Ordinal);

    /// <summary>Whether nothing but what a call is told differs.</summary>
    public static bool IsSilent(string change) =>
        Silent.Any(name => change.Contains($" /{name}", StringComparison.Ordinal))
        || change.Contains("/reason", StringComparison.Ordinal);
}
