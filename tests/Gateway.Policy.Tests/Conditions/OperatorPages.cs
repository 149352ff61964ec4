using System.Text.Encodings.Web;
using Gateway.Policy.Conditions;
using Gateway.Policy.Recording;

namespace Gateway.Policy.Tests.Conditions;

/// <summary>The parts of other files that are written from the table of operators.</summary>
internal static class OperatorPages
{
    public static readonly string[] Types = ["string", "number", "boolean", "null", "array", "object"];

    private const string Begin = "<!-- operators: written from the table by OperatorsTests -->\n";
    private const string End = "<!-- end of operators -->\n";

    private static readonly string[] Arguments =
    [
        "\"x\"", "\"0\"", "\"1.0\"", "\"12\"", "\"2026-06-01T00:00:00Z\"", "\"2027-01-01T00:00:00Z\"",
        "12", "0", "true", "false", "null", "[]", "[12]", "[7,8,9]", "{}",
        "{\"a\":7,\"b\":8,\"c\":9}",
    ];

    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file is what the table says; with GATEWAY_UPDATE=1 it is written first.</summary>
    public static void AssertCurrent(Func<string, string> write, params string[] path)
    {
        var file = SourceTree.PathOf(path);
        var now = write(File.Exists(file) ? File.ReadAllText(file) : "");
        if (Environment.GetEnvironmentVariable("GATEWAY_UPDATE") == "1") File.WriteAllText(file, now);
        Assert.Equal(now.Split('\n'), File.ReadAllText(file).Split('\n'));
    }

    /// <summary>The console's copy of the table.</summary>
    public static string Module => $$"""
        // Written from the table of src/core/Gateway.Policy/Conditions/Operators.cs; its tests write it with GATEWAY_UPDATE=1.

        /**
         * By name: the words of a condition, the types of arguments that can be compared (none: all), the JSON Schema
         * of "value", and whether "list" can take its place.
         * @type {Record<string, { words: string, fits: string[], value: JsonSchema, takesList: boolean }>}
         */
        export const operators = {
        {{string.Join('\n', Operators.All.Select(static op =>
            $"  {op.Name}: {{ words: \"{op.Words}\", fits: {Json(op.Fits)}, value: {op.Operand.Schema}, "
            + $"takesList: {Json(!op.Operand.ListForms.IsEmpty)} }},"))}}
        };

        /** The names of those that filters on recorded arguments take. */
        export const recordOperators = {{Json(ArgumentFilter.OperatorNames)}};

        /** The terms of an approval where an entry has none of its own, from ApprovalTerms.cs. */
        export const approval = { expires: "{{Length(Terms.ExpiresAfter)}}", wait: "{{Length(Terms.WaitAtMost)}}" };

        """;

    public static string WriteSchema(string schema)
    {
        const string length = "\", \"$ref\": \"#/$defs/length\", ";
        schema = Replace(schema, "The time for which a request stays open." + length, " },",
            $"\"default\": \"{Length(Terms.ExpiresAfter)}\"");
        schema = Replace(schema, "The time for which the call is suspended." + length, " },",
            $"\"default\": \"{Length(Terms.WaitAtMost)}\"");
        var names = Operators.All.Select(static op => op.Name).ToArray();
        schema = Replace(schema, "      \"description\": \"The comparison operator.\",\n", "    }\n  }\n}\n",
            "      \"enum\": [\n" + string.Join(",\n", names.Chunk(8).Select(static line =>
                $"        {string.Join(", ", line.Select(static name => $"\"{name}\""))}")) + "\n      ]\n");
        var rules = new List<string>
        {
            Rule($"\"properties\": {{ \"op\": {{ \"const\": \"{Operators.Exists.Name}\" }} }}",
                $"\"properties\": {{ \"value\": {Operators.Exists.Operand.Schema} }}",
                """{ "oneOf": [{ "required": ["value"] }, { "required": ["list"] }] }"""),
            Rule("\"required\": [\"list\"]", OneOf(static op => !op.Operand.ListForms.IsEmpty)),
            Rule("\"required\": [\"as\"]", OneOf(static op => op.Operand.ListForms.Length > 1)),
            Rule("\"properties\": { \"path\": { \"pattern\": \"^caller(?:\\\\.claims|\\\\[\\\"claims\\\"\\\\])\" } }",
                OneOf(static op => !op.ReadsParts)[..^2] + ", \"as\": { \"enum\": [\"text\", \"number\"] } }"),
        };
        rules.AddRange(Operators.All.Except([Operators.Exists]).Select(static op => op.Operand.Schema).Distinct()
            .Where(static one => one != "{}").Select(static one => Rule(
                OneOf(op => op.Operand.Schema == one), $"\"properties\": {{ \"value\": {one} }}")));
        return Replace(schema, "          \"dependentRequired\": { \"as\": [\"list\"] },\n",
            "        },\n        { \"$ref\": \"#/$defs/any\" }",
            $"          \"allOf\": [\n{string.Join(",\n", rules)}\n          ]\n");
    }

    public static string WritePage(string page)
    {
        var text = new StringBuilder("| `op` | holds if the argument … | `value` |\n|---|---|---|\n");
        foreach (var op in Operators.All)
            text.Append($"| `{op.Name}` | {op.Words} | {op.Operand.Takes} |\n");
        text.Append("\n| `op` | `value` | decision by the argument's type |\n|---|---|---|\n");
        foreach (var op in Operators.All)
        {
            // An operator for values of every type does something else for each.
            var kinds = op.IsNegated ? 1 : op.Operand.Samples.Length;
            foreach (var value in op.Operand.Samples.DistinctBy(KindOf).Take(kinds))
            {
                var found = Decide(op, value).ToLookup(static one =>
                    one.Argument is { } argument ? TypeOf(argument) : "missing");
                // The page says of the others that they are denied, and of a missing argument that it is "no".
                var cells = Types.Append("missing").Select(type => (Type: type, Cell: Cell([.. found[type]])))
                    .Where(static one => one.Cell != "denied" && one is not { Type: "missing", Cell: "no" })
                    .Select(static one => $"{one.Type}: {one.Cell}");
                text.Append($"| `{op.Name}` | `{value}` | {string.Join("; ", cells)} |\n");
            }
        }

        text.Append('\n');
        foreach (var op in Operators.All.Where(static op => op.Note.Length > 0))
            text.Append($"- `{op.Name}`: {op.Note}\n");
        return Replace(page, Begin, End, text.ToString());
    }

    /// <summary>Arguments on either side of an operand, and some of every type.</summary>
    public static IEnumerable<string> ArgumentsOf(Operator op, string value) =>
        op.Operand.Around(System.Text.Json.Nodes.JsonNode.Parse(value)).Concat(Arguments).Distinct();

    /// <summary>The decision on each of these, and on a missing argument.</summary>
    public static IEnumerable<(string? Argument, string Found)> Decide(Operator op, string value) =>
        ArgumentsOf(op, value).Append(null).Select(argument => (argument, OperatorTests.Truth(
            Condition(op, value), argument is null ? "{}" : $$"""{"x":{{argument}}}""", out _, out _)));

    public static string Condition(Operator op, string value) =>
        $$"""{"path":"args.x","op":"{{op.Name}}","value":{{value}}}""";

    public static string TypeOf(string json) => JsonDocument.Parse(json).RootElement.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string KindOf(string json) =>
        JsonDocument.Parse(json).RootElement is { ValueKind: JsonValueKind.Array } items
            ? $"array of {items[0].ValueKind}"
            : TypeOf(json);

    private static string Cell((string? Argument, string Found)[] found)
    {
        (string Truth, string Word)[] words =
            [(OperatorTests.Holds, "yes"), (OperatorTests.Fails, "no"), (OperatorTests.Denies, "denied")];
        var kinds = words.Select(kind => (kind.Word, First: Array.Find(found, one => one.Found == kind.Truth)))
            .Where(static one => one.First.Found is not null).ToArray();
        return kinds is [var only] && (only.Word == "denied" || only.First.Argument is null)
            ? only.Word
            : string.Join(", ", kinds.Select(static one => $"`{one.First.Argument}` {one.Word}"));
    }

    private static ApprovalTerms Terms => ApprovalTerms.Default;

    private static string Length(TimeSpan length) =>
        length.Seconds == 0 ? $"{length.TotalMinutes}m" : $"{length.TotalSeconds}s";

    private static string Rule(string condition, string then, string? otherwise = null) =>
        $"            {{\n              \"if\": {{ {condition} }},\n              \"then\": {{ {then} }}"
        + (otherwise is null ? "" : $",\n              \"else\": {otherwise}") + "\n            }";

    private static string OneOf(Func<Operator, bool> isMeant) =>
        $"\"properties\": {{ \"op\": {{ \"enum\": [{string.Join(", ",
            Operators.All.Where(isMeant).Select(static op => $"\"{op.Name}\""))}] }} }}";

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, Plain).Replace("\",\"", "\", \"");

    private static string Replace(string text, string begin, string end, string inner)
    {
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = text.IndexOf(end, from, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= 0, $"{begin} and {end} have to stand in the file");
        return text[..from] + inner + text[to..];
    }
}
