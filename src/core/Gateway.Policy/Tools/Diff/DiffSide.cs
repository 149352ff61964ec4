using System.Text.Json.Nodes;
using Gateway.Limits.Model;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Explaining;
using Gateway.Policy.Patterns;
using Gateway.Policy.Rules;

namespace Gateway.Policy.Tools.Diff;

/// <summary>One of the two compared policies: its decisions, and its rules for a tool.</summary>
internal sealed class DiffSide
{
    private static readonly string[] OfAllTools = ["default", "mode", "case_variants", "pin", "all_tools"];

    // They only affect messages, or do not affect a call at all.
    private static readonly string[] Silent = ["description", "tests", "record_arguments"];

    private readonly PolicyBinding _binding;
    private readonly JsonObject _document;
    private readonly JsonObject _tools;
    private readonly JsonObject _classes;
    private readonly PatternIndex<Glob> _entries;
    private readonly List<Glob> _hidden;
    private readonly string _common;

    public DiffSide(CompiledPolicy policy, ReadOnlyMemory<byte> utf8)
    {
        Policy = policy;
        _binding = policy.Bind("test", "server");
        _document = JsonNode.Parse(utf8.Span)!.AsObject();
        _tools = _document["tools"] as JsonObject ?? [];
        _classes = _document["classes"] as JsonObject ?? [];
        Entries = [.. _tools.Select(static entry => new Glob(entry.Key, GlobStyle.Name))];
        _entries = new PatternIndex<Glob>(Entries.Select(static entry => (entry, entry)));
        _hidden = [.. Texts(_document["hide"]).Select(static name => new Glob(name, GlobStyle.Name))];
        _common = string.Concat(OfAllTools.Select(name => $"{_document[name]?.ToJsonString()}\n"));
    }

    public CompiledPolicy Policy { get; }

    public IReadOnlyList<Glob> Entries { get; }

    /// <summary>The accepted class of the tools that are compared.</summary>
    public ToolClass Class { get; private set; }

    /// <summary>True if the policy has rules by class.</summary>
    public bool HasClasses => _classes.Count > 0;

    /// <summary>Returns true if the policy has a rule for tools of this class.</summary>
    public bool RulesClass(ToolClass toolClass) =>
        HasClasses && (toolClass == ToolClass.Uncertain || _classes.ContainsKey(ToolClasses.NameOf(toolClass)));

    /// <summary>Returns this side for tools of this class.</summary>
    public DiffSide For(ToolClass toolClass)
    {
        var side = (DiffSide)MemberwiseClone();
        side.Class = toolClass;
        return side;
    }

    public IEnumerable<Glob> Names => Entries.Concat(_hidden);

    /// <summary>Returns all text that can affect a call of this tool.</summary>
    public string TextOf(string tool) =>
        $"{_common}{_hidden.Exists(hide => hide.Matches(tool))}\n{EntryOf(tool)}";

    /// <summary>Returns the rules that apply to the tool.</summary>
    public IEnumerable<JsonNode?> RulesOf(string tool) =>
        [_document["all_tools"], RuleOf(tool).Rule];

    /// <summary>Returns the rules that apply to the tool as one document.</summary>
    public string RulesText(string tool) => new JsonObject
    {
        ["all_tools"] = _document["all_tools"]?.DeepClone(),
        ["entry"] = RuleOf(tool).Rule?.DeepClone(),
    }.ToJsonString();

    private string EntryOf(string tool) => RuleOf(tool) is { Name: { } name } found
        ? $"{JsonValue.Create(name).ToJsonString()}: {found.Rule?.ToJsonString()}"
        : "(default)";

    private (string? Name, JsonNode? Rule) RuleOf(string tool)
    {
        var entry = _entries.Find(tool);
        if (entry is not { IsExact: true } && RulesClass(Class))
            return ($"class {ToolClasses.NameOf(Class)}", _classes[ToolClasses.NameOf(Class)]);
        return entry is null ? default : (entry.Text, _tools[entry.Text]);
    }

    /// <summary>The parts that do not concern tools: resources and prompts.</summary>
    public string TextOfSections => string.Concat(((string[])["resources", "prompts", "default", "mode"])
        .Select(name => $"{_document[name]?.ToJsonString()}\n"));

    public IEnumerable<Glob> PatternsOf(string section, GlobStyle style) =>
        ((string[])["allow", "deny"]).SelectMany(list => Texts(_document[section]?[list]))
            .Select(name => new Glob(name, style));

    public PolicyDecision Decide(in PolicyCall call) => PolicyEngine.Decide(_binding, call);

    public PolicyDecision Decide(string tool, SampleCall call) =>
        Decide(Call(tool, call));

    public bool IsListed(string tool) =>
        PolicyEngine.IsListed(_binding, ListKind.Tools, tool, toolClass: Class);

    /// <summary>Returns how many steps of the evaluation a call passes.</summary>
    public int StepsPassed(string tool, SampleCall call)
    {
        var explained = PolicyExplainer.Explain(_binding, Call(tool, call));
        return explained.Steps.Length + (explained.Decision.Outcome == DecisionOutcome.Deny ? 0 : 1000);
    }

    /// <summary>Returns the limits on which a call counts.</summary>
    public IEnumerable<(Window Window, Amount Max, Amount Cost)> LimitsOf(string tool, SampleCall call) =>
        Decide(tool, call).Costs.Select(static cost => (cost.Window, cost.Cost.Max, cost.Cost.Cost));

    private static IEnumerable<string> Texts(JsonNode? list) =>
        (list as JsonArray ?? []).Select(static item => $"{item}");

    private PolicyCall Call(string tool, SampleCall call) =>
        PolicyCall.OfTool(tool, call.Utf8, DateTimeOffset.FromUnixTimeMilliseconds(ExampleSearch.StartMs)) with
        {
            Caller = call.Identity,
            Class = Class,
        };

    /// <summary>Returns true if the time of a call matters.</summary>
    public bool ReadsTime(string tool) => RulesText(tool).Contains("\"time\":", StringComparison.Ordinal);

    /// <summary>Returns true if a change affects only messages.</summary>
    public static bool IsSilent(string change) =>
        Silent.Any(name => change.Contains($" /{name}", StringComparison.Ordinal))
        || change.Contains("/reason", StringComparison.Ordinal);
}
