using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Admin.Importing;

/// <summary>Reads a policy of PolicyLayer's Intercept, version 1.</summary>
internal sealed class InterceptImport(YamlSource root, string scope)
{
    private const string Global = "_global";

    private static readonly string[] Windows = ["minute", "hour", "day"];

    private readonly ImportDraft _draft = new();

    public ImportedPolicy Read()
    {
        if (!root.IsMap || root.Find("version")?.Text != "1")
            throw new ImportException(root.Line, "a policy of Intercept must have version: \"1\"");
        var action = root.Find("default") is { IsEmpty: false } written ? written.Text : "allow";
        if (action is not ("allow" or "deny"))
            throw new ImportException(root.Find("default")!.Line, "default must be allow or deny");
        _draft.Default(action);
        if (root.Find("description")?.Text is { Length: > 0 } description)
            _draft.Describe(description);
        foreach (var tool in root.Find("hide")?.Items ?? [])
            _draft.Hide(Exact(tool, tool.Text ?? "", mayBeAll: true));
        foreach (var other in root.Others("version", "description", "default", "hide", "tools"))
            _draft.Note(other.Note("Intercept's format has no such member; the member was omitted"));
        foreach (var (name, tool) in root.Find("tools")?.Members ?? [])
            ReadTool(name, tool);
        return _draft.Finish();
    }

    private void ReadTool(string name, YamlSource tool)
    {
        var isAll = name == "*";
        if (!isAll)
            Exact(tool, name, mayBeAll: false);
        var entry = isAll ? _draft.AllTools() : _draft.Tool(name);
        foreach (var other in tool.Others("rules"))
            _draft.Note(other.Note("Intercept's format has no such member; the member was omitted"));
        foreach (var rule in tool.Find("rules")?.Items ?? [])
            ReadRule(isAll ? Global : name, entry, rule);
    }

    private void ReadRule(string tool, JsonObject entry, YamlSource rule)
    {
        var isAll = tool == Global;
        var reason = rule.Find("on_deny")?.Text is { Length: > 0 } text ? text : null;
        foreach (var other in rule.Others("name", "action", "rate_limit", "conditions", "on_deny", "state"))
            _draft.Fail(entry, isAll, other, "rules of Intercept have no such member");
        var conditions = rule.Find("conditions")?.Items.ToList() ?? [];
        switch (rule.Find("action") is { IsEmpty: false } action ? action.Text : "evaluate")
        {
            case "deny" when conditions.Count == 0 && rule.Find("rate_limit") is null:
                ImportDraft.Deny(entry, isAll, reason);
                return;
            case "evaluate":
                break;
            default:
                _draft.Fail(entry, isAll, rule, "this is not a valid rule of Intercept: a rule that denies must not "
                    + "have conditions");
                return;
        }

        if (rule.Find("rate_limit") is { } rate)
            ReadRate(tool, entry, rate, alone: conditions.Count == 0 && rule.Find("state") is null);
        else if (conditions.Count == 0)
            _draft.Fail(entry, isAll, rule, "a rule without conditions cannot be carried over");
        foreach (var condition in conditions.Where(static one => !IsState(one)))
            ReadCondition(entry, isAll, condition, reason);
        ReadState(tool, entry, rule.Find("state"), [.. conditions.Where(IsState)]);
        if (reason is not null && (rule.Find("rate_limit") is not null || rule.Find("state") is not null))
            _draft.Note(rule.Find("on_deny")!.Note("a limit has its own text for a refusal, so on_deny was omitted"));
    }

    private void ReadRate(string tool, JsonObject entry, YamlSource rate, bool alone)
    {
        var parts = (rate.Text ?? "").Split('/');
        if (alone && parts.Length == 2 && Windows.Contains(parts[1])
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
            AddLimit(entry, tool == Global, rate, Limit(tool, $"rate_{parts[1]}", parts[1], count));
        else
            _draft.Fail(entry, tool == Global, rate, "a rate_limit must have a form such as 5/hour and be the only "
                + "one in its rule");
    }

    private void ReadCondition(JsonObject entry, bool isAll, YamlSource condition, string? reason)
    {
        var op = condition.Find("op")?.Text;
        var made = new JsonObject
        {
            ["path"] = condition.Find("path")?.Text,
            ["op"] = op == "regex" ? "matches" : op,
            ["value"] = condition.Find("value")?.ToJson(),
        };
        if (reason is not null)
            made["reason"] = reason;
        if (ImportDraft.ProblemOf("require", made) is { } problem)
        {
            _draft.Fail(entry, isAll, condition, $"the condition cannot be carried over ({problem})");
            return;
        }

        if (op == "exists")
            _draft.Note(condition.Note("in a policy, an argument with the value null exists; in Intercept, it does "
                + "not exist"));
        ImportDraft.Add(entry, "require", made);
    }

    private void ReadState(string tool, JsonObject entry, YamlSource? state, List<YamlSource> conditions)
    {
        var isAll = tool == Global;
        if (state is null)
        {
            foreach (var condition in conditions)
                _draft.Fail(entry, isAll, condition, "the rule reads a counter that another rule counts");
            return;
        }

        var (counter, window) = (state.Find("counter")?.Text, state.Find("window")?.Text);
        var (own, others) = (conditions.Where(one => one.Find("path")?.Text == $"state.{tool}.{counter}").ToList(),
            conditions.Where(one => one.Find("path")?.Text != $"state.{tool}.{counter}").ToList());
        foreach (var condition in others)
            _draft.Fail(entry, isAll, condition, "the rule reads a counter that another rule counts");
        if (own.Count == 0)
            _draft.Note(state.Note("a counter without a comparison limits nothing, so it was omitted"));
        foreach (var condition in own)
        {
            // Intercept reserves whole numbers, so "below 10" means at most 9.
            var written = condition.Find("value")?.ToJson() as JsonValue;
            var most = written?.TryGetValue<decimal>(out var number) == true ? decimal.Floor(number) : -1;
            var bound = condition.Find("op")?.Text switch { "lte" => most, "lt" => most - 1, _ => -1 };
            if (bound < 0 || counter is null || !Windows.Contains(window)
                || state.Others("counter", "window", "increment", "increment_from").Any())
            {
                _draft.Fail(entry, isAll, condition,
                    "only lt and lte with a number, by minute, hour or day, can become a limit");
                continue;
            }

            var limit = Limit(tool, counter, window!, bound);
            if (state.Find("increment_from") is { IsEmpty: false } from)
                limit["increment_from"] = from.Text;
            else if (state.Find("increment")?.ToJson() is { } increment && $"{increment}" != "0")
                limit["increment"] = increment;
            AddLimit(entry, isAll, condition, limit);
        }
    }

    private JsonObject Limit(string tool, string counter, string window, decimal max) => new()
    {
        ["counter"] = _draft.Counter($"{tool}.{counter}"),
        ["window"] = window,
        ["max"] = max,
        ["scope"] = scope,
        // Intercept refunds the cost of a failed call.
        ["refund_on_error"] = true,
    };

    private void AddLimit(JsonObject entry, bool isAll, YamlSource at, JsonObject limit)
    {
        if (ImportDraft.ProblemOf("limits", limit) is { } problem)
            _draft.Fail(entry, isAll, at, $"the limit cannot be carried over ({problem})");
        else
            ImportDraft.Add(entry, "limits", limit);
    }

    /// <summary>
    /// Returns a tool name. Intercept's names are exact, but in a policy some characters would make it a pattern.
    /// </summary>
    private static string Exact(YamlSource at, string name, bool mayBeAll) =>
        name.Length > 0 && (name.AsSpan().IndexOfAny('*', '?') < 0 || (mayBeAll && name == "*"))
            ? name
            : throw new ImportException(at.Line, $"{at.Place}: \"{name}\" is a pattern in a policy, not a name; write "
                + "the names of the tools");

    private static bool IsState(YamlSource condition) =>
        condition.Find("path")?.Text?.StartsWith("state.", StringComparison.Ordinal) == true;
}
