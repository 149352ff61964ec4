namespace Gateway.Policy.Tests.Costs;

/// <summary>Every keyword and every operator, in the forms that have most to do.</summary>
internal static class HostilePolicies
{
    /// <summary>By keyword: what <c>args.v</c> has to satisfy; <c>#</c> is that schema itself.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Schemas = new Dictionary<string, string[]>
    {
        ["not"] = ["""{"not":{"type":"null"}}"""],
        ["if"] = ["""{"if":{"minItems":3},"then":{"maxItems":9},"else":{"minLength":9}}"""],
        ["then"] = ["""{"if":true,"then":{"items":{"type":"array"}}}"""],
        ["else"] = ["""{"if":false,"else":{"items":{"type":"array"}}}"""],
        ["items"] = ["""{"items":{"type":["number","string","array","object"]}}""", """{"items":{"$ref":"#"}}"""],
        ["contains"] = ["""{"contains":{"const":-1},"minContains":2,"maxContains":3}"""],
        ["additionalProperties"] = [
            """{"additionalProperties":{"type":"number"}}""", """{"additionalProperties":{"$ref":"#"}}"""],
        ["propertyNames"] = ["""{"propertyNames":{"maxLength":400,"pattern":"^[a-zA-Z]"}}"""],
        ["contentSchema"] = ["""{"contentSchema":{"type":"number"}}"""],
        ["unevaluatedProperties"] = [
            """{"unevaluatedProperties":false,"anyOf":[{"patternProperties":{"^k":true}},{"properties":{"a":true}}]}""",
            $$"""{"allOf":[{{Many(9, """{"additionalProperties":true}""")}}],"unevaluatedProperties":{"$ref":"#"} }"""],
        ["unevaluatedItems"] = [
            """{"unevaluatedItems":{"type":"number"},"contains":{"type":"number"}}""",
            $$"""{"anyOf":[{{Many(20, """{"contains":true}""")}}],"unevaluatedItems":{"$ref":"#"} }"""],
        ["allOf"] = [$$"""{"allOf":[{{Many(50, """{"uniqueItems":true}""")}}]}"""],
        ["anyOf"] = [$$"""{"anyOf":[{{Many(50, """{"maxLength":1,"type":"string"}""")}}]}"""],
        ["oneOf"] = [$$"""{"oneOf":[{{Many(50, """{"pattern":"b$"}""")}}]}"""],
        ["prefixItems"] = [$$"""{"prefixItems":[{{Many(500, """{"enum":[[],{},1,"a"]}""")}}]}"""],
        ["properties"] = ["""{"properties":{"k1":{"maximum":1},"v":{"$ref":"#"}},"items":{"$ref":"#"}}"""],
        ["patternProperties"] = [
            """{"patternProperties":{"^k":true,"n+$":{"type":"number"},"[0-9]{1,50}x":true}}""",
            """{"patternProperties":{"(n|k)*n(n|k){60}x":true}}"""],
        ["dependentSchemas"] = ["""{"items":{"dependentSchemas":{"a":{"required":["b"]},"k1":{"required":["k2"]}}}}"""],
        ["$defs"] = ["""{"$defs":{"a":{"uniqueItems":true}},"$ref":"#/properties/v/$defs/a"}"""],
        ["definitions"] = [
            """{"definitions":{"a":{"uniqueItems":true}},"items":{"$ref":"#/properties/v/definitions/a"}}"""],
        ["type"] = ["""{"type":"integer"}""", """{"items":{"type":"integer"}}"""],
        ["enum"] = [
            $$"""{"enum":[{{Many(200, "[[],{},1]")}},{"a":1}]}""", """{"items":{"enum":[[],[[]],{"a":1},1,"a"]}}"""],
        ["const"] = ["""{"not":{"const":[[],1]}}""", """{"items":{"const":0}}"""],
        ["multipleOf"] = [$$"""{"multipleOf":1{{new string('7', 90)}}}""", """{"items":{"multipleOf":0.0000001}}"""],
        ["maximum"] = ["""{"maximum":1e9}""", """{"items":{"maximum":1e9}}"""],
        ["exclusiveMaximum"] = ["""{"exclusiveMaximum":1e9}""", """{"items":{"exclusiveMaximum":1e9}}"""],
        ["minimum"] = ["""{"minimum":0}""", """{"items":{"minimum":0}}"""],
        ["exclusiveMinimum"] = ["""{"exclusiveMinimum":0}""", """{"items":{"exclusiveMinimum":0}}"""],
        ["maxLength"] = [$$"""{"allOf":[{{Many(30, """{"maxLength":99999999}""")}}]}"""],
        ["minLength"] = ["""{"items":{"minLength":1}}"""],
        ["pattern"] = [
            """{"pattern":"(a|b)*a(a|b){200}c"}""", """{"items":{"pattern":"(a|b)*a(a|b){12}c"}}""",
            """{"items":{"pattern":"^(([a-z])+.)+[A-Z]([a-z])+$"}}"""],
        ["maxItems"] = ["""{"maxItems":99999999,"items":{"maxItems":3}}"""],
        ["minItems"] = ["""{"minItems":1,"items":{"minItems":1}}"""],
        ["uniqueItems"] = ["""{"uniqueItems":true}""", """{"uniqueItems":true,"items":{"$ref":"#"}}"""],
        ["maxContains"] = ["""{"contains":{"uniqueItems":true},"maxContains":3}"""],
        ["minContains"] = ["""{"contains":{"type":"integer"},"minContains":99999999}"""],
        ["maxProperties"] = ["""{"maxProperties":99999999,"items":{"maxProperties":3}}"""],
        ["minProperties"] = ["""{"minProperties":1,"items":{"minProperties":1}}"""],
        ["required"] = [$$"""{"required":["k1"],"items":{"required":[ {{Keys(50)}} ] } }"""],
        ["dependentRequired"] = [$$"""{"items":{"dependentRequired":{"k1":[ {{Keys(50)}} ] } } }"""],
        ["$ref"] = ["""{"properties":{"v":{"$ref":"#"}},"items":{"$ref":"#"},"uniqueItems":true}"""],
    };

    public static readonly string[] Paths =
        ["args.v", "args.v[*]", "args.v[*][*]", "args.v[*].c"];

    /// <summary>By operator: what <c>args.v</c> is compared with.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Values = new Dictionary<string, string[]>
    {
        ["exists"] = ["true"],
        ["eq"] = ["1", "\"a\"", "[[],1]", """{"a":1,"b":[],"c":2}""", "null"],
        ["neq"] = ["1", "[[],1]"],
        ["in"] = [$"[{Keys(2000)},{Numbers(2000)},[],{{}},null]", $"[{Many(300, "[[],1]")}]"],
        ["not_in"] = [$"[{Keys(2000)}]"],
        ["lt"] = ["1e9"],
        ["lte"] = ["1e9"],
        ["gt"] = ["0"],
        ["gte"] = ["0.0000001"],
        ["between"] = ["[0.0000001,1e9]", "[\"0001-01-01T00:00:00Z\",\"9999-12-31T23:59:59Z\"]"],
        ["has"] = [$"\"{new string('a', 5000)}b\"", "1", "[[]]"],
        ["contains"] = [$"\"{new string('a', 5000)}b\"", "1", "[[]]"],
        ["starts_with"] = [$"\"{new string('a', 5000)}b\""],
        ["ends_with"] = [$"\"b{new string('a', 5000)}\""],
        ["matches"] = ["\"(a|b)*a(a|b){200}c\"", "\"(a|b)*a(a|b){10}c\"", "\"secret|[0-9]{1,100}x\""],
        ["matches_any"] = ["[\"(a|b)*a(a|b){200}c\",\"(a|b)*b(a|b){100}a\",\"secret|[0-9]{1,100}x\"]",
            $"[{Keys(200)}]"],
        ["length_lt"] = ["99999999"],
        ["length_lte"] = ["99999999"],
        ["length_gt"] = ["0"],
        ["length_gte"] = ["0"],
        ["host_in"] = ["[\"example.com\"]"],
        ["path_in"] = [Folders(100)],
    };

    public static string Many(int count, string part) => string.Join(',', Enumerable.Repeat(part, count));

    private static string Keys(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"k{i}\""));

    private static string Folders(int count) => "[" + string.Join(
        ',', Enumerable.Range(0, count).Select(static i => $"\"/{new string('a', 500)}/{i}\"")) + "]";

    private static string Numbers(int count) => string.Join(',', Enumerable.Range(0, count));

    /// <summary>Each level asks the next one twice: a million questions about one value.</summary>
    public static string Doubling(string word)
    {
        var levels = Enumerable.Range(0, 20).Select(i =>
            $$"""{"$id":"l{{i}}","{{word}}":[{"$ref":"l{{i + 1}}"},{"allOf":[{"$ref":"l{{i + 1}}"}]}]}""");
        var definitions = string.Join(',', levels.Select(static (level, i) => $"\"d{i}\":{level}"));
        return $$"""{"$ref":"l0","$defs":{ {{definitions}},"e":{"$id":"l20","type":"null"} } }""";
    }
}
