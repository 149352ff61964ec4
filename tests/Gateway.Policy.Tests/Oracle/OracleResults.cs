using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Gateway.Policy.Tests.Oracle;

/// <summary>
/// <c>results</c> as the page of the format tells it, over a document model: no positions, no budget, no nesting of
/// texts. Null where the answer is denied.
/// </summary>
internal static class OracleResults
{
    private const string Redacted = "[redacted]";

    public static string? Evaluate(JsonNode results, string message)
    {
        var root = JsonNode.Parse(message)!;
        var result = root["result"];
        foreach (var condition in results["deny_if"]!.AsArray())
        {
            var steps = Steps(condition!);
            var value = At(result, steps).SingleOrDefault();
            // A null is there, and cannot be compared with a text.
            if (steps is [.. var above, var last] && At(result, above).SingleOrDefault() is JsonObject members
                && members.ContainsKey(last) && members[last] is null)
            {
                return null;
            }

            var start = condition!["value"]!.GetValue<string>();
            if (value is not null && (value.GetValueKind() != System.Text.Json.JsonValueKind.String
                || value.GetValue<string>().StartsWith(start, StringComparison.Ordinal)))
            {
                return null;
            }
        }

        var redactions = results["redact"]!.AsArray();
        var repeated = new List<string>();
        foreach (var steps in redactions.Where(static one => one!["path"] is not null).Select(one => Steps(one!)))
        {
            foreach (var value in At(result, steps))
                Collect(value, repeated);
        }

        foreach (var steps in redactions.Where(static one => one!["path"] is not null).Select(one => Steps(one!)))
        {
            foreach (var value in At(result, steps))
                value.ReplaceWith(Redacted);
        }

        var expressions = redactions
            .Select(static one => one!["matches"]?.GetValue<string>()).OfType<string>().ToList();
        return Clean(root, repeated, expressions) ? root.ToJsonString() : null;
    }

    private static string[] Steps(JsonNode rule) => rule["path"]!.GetValue<string>().Split('.')[1..];

    private static List<JsonNode> At(JsonNode? node, string[] steps)
    {
        foreach (var step in steps)
            node = node is JsonObject members ? members[step] : null;
        return node is null ? [] : [node];
    }

    private static void Collect(JsonNode? value, List<string> into)
    {
        if (value is JsonObject members)
            members.ToList().ForEach(member => Collect(member.Value, into));
        else if (value is JsonArray items)
            items.ToList().ForEach(item => Collect(item, into));
        else if (value is not null && value.GetValueKind() is System.Text.Json.JsonValueKind.String
            or System.Text.Json.JsonValueKind.Number && value.ToString().Length > 0)
        {
            into.Add(value.ToString());
        }
    }

    private static bool Clean(JsonNode node, List<string> repeated, List<string> expressions)
    {
        var isClean = true;
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    isClean &= !expressions.Exists(expression => Regex.IsMatch(name, expression));
                    isClean &= value is null || node.Parent is null && name != "result"
                        || Clean(value, repeated, expressions);
                }

                return isClean;
            case JsonArray items:
                return items.ToList().All(item => item is null || Clean(item, repeated, expressions));
            default:
                var text = node.ToString();
                if (node.GetValueKind() is not (System.Text.Json.JsonValueKind.String
                    or System.Text.Json.JsonValueKind.Number) || !Found(text, repeated, expressions))
                {
                    return true;
                }

                node.ReplaceWith(node.GetValueKind() == System.Text.Json.JsonValueKind.Number
                    ? Redacted : Replaced(text, repeated, expressions));
                return true;
        }
    }

    private static bool Found(string text, List<string> repeated, List<string> expressions) =>
        Marked(text, repeated, expressions).Contains(true);

    // Whatever any rule finds is marked letter by letter; finds that touch or overlap each other stay told apart.
    private static string Replaced(string text, List<string> repeated, List<string> expressions)
    {
        var spans = Spans(text, repeated, expressions).OrderBy(static span => span.Start).ToList();
        var (cleared, copied) = ("", 0);
        foreach (var (start, end) in spans)
        {
            if (end <= copied)
                continue;
            if (start >= copied)
                cleared += text[copied..start] + Redacted;
            copied = end;
        }

        return cleared + text[copied..];
    }

    private static bool[] Marked(string text, List<string> repeated, List<string> expressions)
    {
        var marks = new bool[text.Length];
        foreach (var (start, end) in Spans(text, repeated, expressions))
            marks.AsSpan(start..end).Fill(true);
        return marks;
    }

    private static List<(int Start, int End)> Spans(string text, List<string> repeated, List<string> expressions)
    {
        var spans = expressions.SelectMany(expression => Regex.Matches(text, expression))
            .Select(static match => (match.Index, match.Index + match.Length)).ToList();
        for (var at = 0; at < text.Length;)
        {
            var length = repeated.Where(value => string.CompareOrdinal(text, at, value, 0, value.Length) == 0
                    && (value.Length > 3 || IsWord(text, at, value.Length)))
                .Select(static value => value.Length).DefaultIfEmpty(0).Max();
            if (length > 0)
                spans.Add((at, at + length));
            at += Math.Max(1, length);
        }

        return spans;
    }

    private static bool IsWord(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));
}
