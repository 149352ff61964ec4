using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Results;

/// <summary>Evaluates one message of a server by the rules that apply to it.</summary>
internal sealed class ResultRun(ResultRules rules, WorkBudget work)
{
    private const string Redacted = "[redacted]";

    // JSON in a text in JSON; anything deeper is searched as text.
    private const int NestingMax = 3;

    // Levels of escapes to undo in a text, besides those of JSON that was parsed.
    private const int EscapesMax = 4;
    private const int UnescapedPerStep = 4;

    private readonly WorkBudget _work = work;
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly RepeatedValues _repeated = new();
    private ResultDenial? _denial;
    private ResultDenial? _shadow;

    public ResultDecision Evaluate(ReadOnlyMemory<byte> message, bool isAnswer, IBufferWriter<byte> output)
    {
        var root = JsonTreeReader.Read(message.Span, PolicyBounds.ArgumentsDepthMax, duplicates: null, out var fault);
        if (root is null)
            return ResultDecision.Denied(ResultDenial.Unreadable(fault!.Value.Message));
        var result = isAnswer ? ResultOf(root.Find("result")!) : null;
        if (result is not null && _denial is null)
            EvaluateConditions(result);
        var edits = new MessageEdits();
        if (_denial is null)
            Redact(message.Span, root, isAnswer, result, edits);
        if (_work.IsExhausted)
            _denial = ResultDenial.TooMuch;
        if (_denial is null && !edits.IsEmpty)
            Write(message.Span, edits, isAnswer ? rules.Schema : null, output);
        if (_denial is not null)
            return new ResultDecision(false, _denial, _shadow, Counts());
        return new ResultDecision(!edits.IsEmpty, null, _shadow, Counts());
    }

    /// <summary>Writes the changed message, unless it no longer fits the tool's schema.</summary>
    private void Write(ReadOnlySpan<byte> message, MessageEdits edits, OutputSchema? schema, IBufferWriter<byte> output)
    {
        if (schema is null)
        {
            edits.Write(message, output);
            return;
        }

        var changed = new ArrayBufferWriter<byte>(message.Length);
        edits.Write(message, changed);
        _denial = schema.Check(changed.WrittenSpan, _work, rules.IsOfTask);
        if (_work.IsExhausted)
            _denial = ResultDenial.TooMuch;
        if (_denial is null)
            output.Write(changed.WrittenSpan);
    }

    /// <summary>Returns true if a text by itself may pass.</summary>
    public bool IsClear(string text) => Find(text).Count == 0 && !_work.IsExhausted;

    private ImmutableArray<RedactionCount> Counts() =>
        [.. rules.Rules.Where(rule => _counts.ContainsKey(rule.Pointer))
            .Select(rule => new RedactionCount(rule.Pointer, _counts[rule.Pointer], rule.IsShadow))];

    /// <summary>
    /// Returns the tool's own result, which the rules read by paths; null if the call has no result yet, because it
    /// became a task.
    /// </summary>
    private JsonNode? ResultOf(JsonNode result)
    {
        if (!rules.IsOfTask)
            return IsCreatedTask(result) ? null : result;
        if (rules.Names is not null && result.Members.Any(static member =>
            member.Name != "result" && PlainForms.Of(member.Name) == "result"))
            _denial = ResultDenial.Ambiguous;
        return result.Find("result");
    }

    private static bool IsCreatedTask(JsonNode result)
    {
        var isTask = result.Find("resultType") is { Kind: JsonKind.String, Text: "task" }
            ? result.Find("taskId") is { Kind: JsonKind.String }
            : result.Find("task")?.Find("taskId") is { Kind: JsonKind.String };
        // A client that takes it for a result must not find one.
        return isTask && !result.Members.Any(static member =>
            PlainForms.Of(member.Name) is "content" or "structuredcontent");
    }

    private void EvaluateConditions(JsonNode result)
    {
        if (rules.Names is { IsEmpty: false } names && !new VariantSearch(_work).IsClear([], names, result))
            _denial = ResultDenial.Ambiguous;
        foreach (var rule in rules.Rules)
        {
            if (rule.DenyIf is not { } condition || _denial is not null)
                continue;
            var triState = condition.Evaluate(new EvaluationContext(result, _work), Quantifier.Any);
            if (triState == TriState.False)
                continue;
            var denial = new ResultDenial(rule.Pointer, triState == TriState.True
                ? condition.Reason ?? $"The policy denies responses where {condition.Describe()}"
                : $"The rule \"{condition.Describe()}\" cannot evaluate the response: a value has a type that the rule "
                    + "cannot compare");
            if (rule.IsShadow)
                _shadow ??= denial;
            else
                _denial = denial;
        }
    }

    private void Redact(
        ReadOnlySpan<byte> json, JsonNode root, bool isAnswer, JsonNode? result, MessageEdits edits)
    {
        var values = new HashSet<JsonNode>(ReferenceEqualityComparer.Instance);
        if (result is not null)
            FindValues(result, stepsLeftOut: 0, values);
        foreach (var member in root.Members)
        {
            // The response's own id belongs to the caller; any other text belongs to the server.
            if (member.Name == "jsonrpc" || (member.Name == "id" && isAnswer))
                continue;
            if (member.Name is "id" or "method")
            {
                Look(member.Value.Text, $"its {member.Name}");
                continue;
            }

            Walk(json, member.Value, values, nesting: 0, edits);
        }
    }

    /// <summary>Finds the values at paths; their content is then searched for in all texts.</summary>
    private void FindValues(JsonNode root, int stepsLeftOut, HashSet<JsonNode> into)
    {
        foreach (var rule in rules.Rules)
        {
            if (rule.Path is not { } path || path.Steps.Length <= stepsLeftOut
                || (stepsLeftOut > 0 && path.Steps[0].Key != "structuredContent"))
            {
                continue;
            }

            foreach (var value in PathValues.Of(path, root, _work, out var isElsewhere, stepsLeftOut))
            {
                if (isElsewhere && stepsLeftOut == 0 && !rule.IsShadow)
                {
                    _denial ??= ResultDenial.Unreadable($"{path} is not a list");
                    return;
                }

                if (value is null or { Kind: JsonKind.Null })
                    continue;
                Count(rule.Pointer);
                if (rule.IsShadow)
                    continue;
                into.Add(value);
                if (stepsLeftOut == 0)
                    _repeated.Add(value, rule.Pointer, _work);
            }
        }
    }

    private void Walk(ReadOnlySpan<byte> json, JsonNode node, HashSet<JsonNode> values, int nesting, MessageEdits edits)
    {
        if (_denial is not null || !_work.Spend(1))
            return;
        if (values.Contains(node))
        {
            edits.Replace(json, node, Redacted);
            return;
        }

        if (node.Kind is JsonKind.String or JsonKind.Number)
            WalkText(json, node, nesting, edits);
        foreach (var item in node.Items)
            Walk(json, item, values, nesting, edits);
        var binary = BinaryMember(node);
        foreach (var member in node.Members)
        {
            Look(member.Name, "a member's name");
            if (member.Name == binary && !values.Contains(member.Value))
                WalkBinary(json, member.Value, nesting, edits);
            else
                Walk(json, member.Value, values, nesting, edits);
        }
    }

    private void WalkText(ReadOnlySpan<byte> json, JsonNode node, int nesting, MessageEdits edits)
    {
        if (node.Kind == JsonKind.Number)
        {
            if (Cleared(node.Text) is not null)
                edits.Replace(json, node, Redacted);
        }
        else if (Replaced(node.Text, nesting) is { } text)
            edits.Replace(json, node, text);
    }

    // Base64 of a text is searched as that text. Other binary content cannot be searched by a pattern.
    private void WalkBinary(ReadOnlySpan<byte> json, JsonNode node, int nesting, MessageEdits edits)
    {
        if (!_work.SpendText(node.Text))
            return;
        var bytes = new byte[(node.Text.Length * 3 / 4) + 3];
        if (!Convert.TryFromBase64String(node.Text, bytes, out var length)
            || Utf8Text.FaultOf(bytes.AsSpan(0, length)) is not null
            || bytes.AsSpan(0, length).Contains((byte)0))
        {
            if (rules.IsEnforced)
                _denial ??= ResultDenial.Binary;
            return;
        }

        if (Replaced(Encoding.UTF8.GetString(bytes, 0, length), nesting) is { } text)
            edits.Replace(json, node, Convert.ToBase64String(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Returns the name of the member with binary content: of a resource, an image or a sound.</summary>
    private static string? BinaryMember(JsonNode node)
    {
        if (node.Kind != JsonKind.Object)
            return null;
        if (node.Find("blob") is { Kind: JsonKind.String } && node.Find("uri") is not null)
            return "blob";
        return node.Find("data") is { Kind: JsonKind.String }
            && node.Find("type") is { Kind: JsonKind.String, Text: "image" or "audio" } ? "data" : null;
    }

    /// <summary>Returns the text without redacted parts; null if it stays unchanged.</summary>
    private string? Replaced(string text, int nesting)
    {
        var inner = nesting < NestingMax ? ReplacedJson(text, nesting + 1) : null;
        return Cleared(inner ?? text) ?? inner;
    }

    /// <summary>
    /// Handles a text that is JSON itself, which is read with its escapes undone, as its recipient reads it.
    /// </summary>
    private string? ReplacedJson(string text, int nesting)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..] || !_work.SpendText(text))
            return null;
        var json = Encoding.UTF8.GetBytes(text);
        // For a duplicate key, each value is searched.
        if (JsonTreeReader.Read(json, PolicyBounds.ArgumentsDepthMax, [], out _) is not { } root)
            return null;
        var (edits, values) = (new MessageEdits(), new HashSet<JsonNode>(ReferenceEqualityComparer.Instance));
        FindValues(root, stepsLeftOut: 1, values);
        Walk(json, root, values, nesting, edits);
        if (edits.IsEmpty)
            return null;
        var output = new ArrayBufferWriter<byte>(json.Length);
        edits.Write(json, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Returns the text with each match removed; null if no enforced rule matches.</summary>
    private string? Cleared(string text)
    {
        var found = Find(text);
        if (found.Count == 0 || _work.IsExhausted)
            return null;
        found.Sort(static (a, b) => a.Span.Start.CompareTo(b.Span.Start));
        var (cleared, copied) = (new StringBuilder(text.Length), 0);
        foreach (var (span, rule) in found)
        {
            Count(rule);
            if (span.End <= copied)
                continue;
            if (span.Start >= copied)
                cleared.Append(text, copied, span.Start - copied).Append(Redacted);
            copied = span.End;
        }

        return cleared.Append(text, copied, text.Length - copied).ToString();
    }

    private List<(TextSpan Span, string Rule)> Find(string text)
    {
        var found = FindPatterns(text);
        _repeated.Find(text, _work, found);
        FindUnescaped(text, found);
        return found;
    }

    /// <summary>Adds matches that appear only once escapes are undone, at their position in the escaped text.</summary>
    private void FindUnescaped(string text, List<(TextSpan Span, string Rule)> found)
    {
        var view = UnescapedText.Of(text);
        for (var level = 1; view is not null && _work.Spend(1 + (text.Length / UnescapedPerStep)); level++)
        {
            var inView = FindPatterns(view.Text, counts: false);
            _repeated.Find(view.Text, _work, inView);
            var known = found.ToHashSet();
            found.AddRange(inView.Select(one => (view.Original(one.Span), one.Rule)).Where(known.Add));
            if (level == EscapesMax)
            {
                if (rules.IsEnforced && view.HasUnit)
                    _denial ??= ResultDenial.Unreadable("characters in it are escaped too many times");
                return;
            }

            view = UnescapedText.Of(view.Text, view.Starts);
        }
    }

    private List<(TextSpan Span, string Rule)> FindPatterns(string text, bool counts = true)
    {
        var found = new List<(TextSpan, string)>();
        if (text.Length == 0)
            return found;
        var spans = new List<TextSpan>();
        foreach (var rule in rules.Rules)
        {
            if (rule.Pattern is not { } pattern)
                continue;
            pattern.Find(text, _work, spans);
            foreach (var span in spans)
            {
                if (!rule.IsShadow)
                    found.Add((span, rule.Pointer));
                else if (counts)
                    Count(rule.Pointer);
            }

            spans.Clear();
        }

        return found;
    }

    private void Count(string rule) => _counts[rule] = _counts.GetValueOrDefault(rule) + 1;

    /// <summary>Denies the response if a name matches, since names cannot be redacted.</summary>
    private void Look(string name, string place)
    {
        var found = FindPatterns(name);
        FindUnescaped(name, found);
        if ((found.Count > 0 ? found[0].Rule : _repeated.RuleOfName(name)) is { } rule)
        {
            _denial ??= new ResultDenial(
                rule, $"The server's response contains text to redact in {place}, where text cannot be redacted");
        }
    }
}
