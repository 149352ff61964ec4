using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Schemas;

public class ArgumentsTests
{
    private const string Refund = """
        { "type": "object", "required": ["amount"], "additionalProperties": false,
          "properties": {
            "amount": { "type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01 },
            "to": { "type": "array", "maxItems": 2, "uniqueItems": true, "items": { "pattern": "@x\\.com$" } },
            "a.b": { "enum": [1, "one"] },
            "kind": { "anyOf": [ { "const": "x" }, { "$ref": "#/$defs/y" } ] }
          },
          "$defs": { "y": { "const": "y" } } }
        """;

    [Theory]
    [InlineData("{\"amount\":0.07}", null)]
    [InlineData("{\"amount\":1e2,\"to\":[\"a@x.com\"],\"a.b\":1.0,\"kind\":\"y\"}", null)]
    [InlineData("{}", "args must have a member \"amount\"")]
    [InlineData("{\"amount\":\"1\"}", "args.amount must be of type number")]
    [InlineData("{\"amount\":0}", "args.amount must be greater than 0")]
    [InlineData("{\"amount\":-0}", "args.amount must be greater than 0")]
    [InlineData("{\"amount\":0.001}", "args.amount must be a multiple of 0.01")]
    [InlineData("{\"amount\":1,\"x\":1}", "args.x is not allowed")]
    [InlineData("{\"amount\":1,\"to\":[\"a@x.com\",\"b@y.com\"]}", "args.to[1] must match \"@x\\.com$\"")]
    [InlineData("{\"amount\":1,\"to\":[\"a@x.com\\n\"]}", "args.to[0] must match \"@x\\.com$\"")]
    [InlineData("{\"amount\":1,\"to\":[\"a@x.com\",\"a@x.com\"]}", "args.to must not contain an item twice")]
    [InlineData("{\"amount\":1,\"to\":[1,2,3]}", "args.to must have at most 2 items")]
    [InlineData("{\"amount\":1,\"a.b\":2}", "args[\"a.b\"] must be one of the values that the policy lists")]
    [InlineData("{\"amount\":1,\"kind\":\"z\"}", "args.kind matches none of the alternatives in the policy")]
    [InlineData(
        "{\"amount\":1e99999999999999999999}",
        "the arguments are too large, too deeply nested or too many to be checked")]
    public void Arguments_must_satisfy_the_schema(string arguments, string? why)
    {
        var decision = Evaluate("{\"number\":\"decimal\",\"arguments\":" + Refund + "}", arguments);
        if (why is null)
        {
            Assert.Equal(DecisionOutcome.Allow, decision.Outcome);
            return;
        }

        Assert.Equal((DecisionOutcome.Deny, "/tools/t/arguments", why),
            (decision.Outcome, decision.Rule, decision.Reason));
    }

    [Fact]
    public void The_schema_comes_before_all_conditions() => Assert.Equal("/tools/t/arguments", Evaluate(
        """{"arguments":{"required":["a"]},"require":[{"path":"args.a","op":"exists"}]}""", "{}").Rule);

    [Theory]
    [InlineData("1", "", "a schema must be an object, true or false, not the number 1")]
    [InlineData("{\"typ\":\"object\"}", "/typ", "JSON Schema has no keyword \"typ\"; did you mean \"type\"?")]
    [InlineData("{\"require\":[\"a\"]}", "/require", "did you mean \"required\"?")]
    [InlineData("{\"type\":\"int\"}", "/type", "one or more of null, boolean")]
    [InlineData("{\"type\":[]}", "/type", "one or more of null, boolean")]
    [InlineData("{\"enum\":1}", "/enum", "must be an array of values")]
    [InlineData("{\"type\":\"objct\"}", "/type", "not \"objct\"; did you mean \"object\"?")]
    [InlineData("{\"minimum\":\"1\"}", "/minimum", "must be a number, not a string")]
    [InlineData("{\"multipleOf\":0}", "/multipleOf", "must be a number above 0")]
    [InlineData("{\"pattern\":\"(?=a)\"}", "/pattern", "cannot be run without backtracking")]
    [InlineData("{\"pattern\":1}", "/pattern", "must be a string")]
    [InlineData("{\"patternProperties\":{\"(\":{}}}", "/patternProperties/(", "not a regular expression")]
    [InlineData("{\"maxLength\":-1}", "/maxLength", "must be a whole number of 0 or more")]
    [InlineData("{\"maxContains\":1.5}", "/maxContains", "must be a whole number")]
    [InlineData("{\"uniqueItems\":1}", "/uniqueItems", "must be true or false")]
    [InlineData("{\"required\":\"a\"}", "/required", "an array of names")]
    [InlineData("{\"dependentRequired\":{\"a\":1}}", "/dependentRequired", "an object of arrays of names")]
    [InlineData("{\"allOf\":[]}", "/allOf", "an array of at least one schema")]
    [InlineData("{\"properties\":{\"a\":{\"items\":5}}}", "/properties/a/items", "a schema must be an object")]
    [InlineData("{\"properties\":[]}", "/properties", "must be an object of schemas")]
    [InlineData("{\"$defs\":{\"a\":{\"tpe\":1}}}", "/$defs/a/tpe", "did you mean \"type\"?")]
    [InlineData("{\"$ref\":1}", "/$ref", "must be a string")]
    [InlineData("{\"$ref\":\"#/$defs/a\"}", "/$ref", "refers to nothing in this schema")]
    [InlineData("{\"$ref\":\"#a\"}", "/$ref", "refers to nothing in this schema")]
    [InlineData("{\"$ref\":\"https://example.com/s\"}", "/$ref", "a remote schema is never fetched")]
    [InlineData("{\"$ref\":\"other.json\"}", "/$ref", "a remote schema is never fetched")]
    [InlineData("{\"$id\":\"#x\"}", "/$id", "without a fragment")]
    [InlineData("{\"$anchor\":\"1\"}", "/$anchor", "must be a name")]
    [InlineData("{\"$defs\":{\"a\":{\"$anchor\":\"x\"},\"b\":{\"$anchor\":\"x\"}}}", "/$defs/b/$anchor", "two schemas")]
    [InlineData("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}", "/$schema", "the only supported dialect")]
    [InlineData("{\"$dynamicRef\":\"#x\"}", "/$dynamicRef", "is not supported by this release")]
    [InlineData("{\"$dynamicRef\":\"#a\"}", "/$dynamicRef", "is not supported by this release")]
    [InlineData("{\"$ref\":\"#\"}", "", "refers to itself for the same value")]
    [InlineData("{\"$defs\":{\"a\":{\"not\":{\"$ref\":\"#/$defs/a\"}}}}", "/$defs/a", "refers to itself")]
    public void A_schema_is_checked_at_load(string schema, string below, string message) =>
        Assert.Contains(Load(Document("\"tools\":{\"a\":{\"arguments\":" + schema + "}}")).Problems, p =>
            p.Severity == ProblemSeverity.Error && p.Pointer == "/tools/a/arguments" + below
            && p.Message.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("{\"title\":\"t\",\"x-ui\":1,\"examples\":[],\"$comment\":\"c\",\"default\":1}")]
    [InlineData("{\"properties\":{\"child\":{\"$ref\":\"#\"}}}")]
    [InlineData("true")]
    public void Loads(string schema) =>
        Assert.Empty(Load(Document("\"tools\":{\"a\":{\"arguments\":" + schema + "}}")).Problems);

    [Theory]
    [InlineData("{\"properties\":{\"a\":{\"format\":\"email\"}}}", "/properties/a/format", "only describes a value")]
    [InlineData("{\"contentEncoding\":\"base64\"}", "/contentEncoding", "only describes a value")]
    [InlineData("{\"contentMediaType\":\"text/plain\"}", "/contentMediaType", "only describes a value")]
    [InlineData("{\"contentSchema\":{}}", "/contentSchema", "only describes a value")]
    [InlineData("{\"then\":{\"required\":[\"a\"]}}", "/then", "without \"if\"")]
    [InlineData("{\"else\":{\"required\":[\"a\"]}}", "/else", "without \"if\"")]
    [InlineData("{\"minContains\":1}", "/minContains", "without \"contains\"")]
    [InlineData("{\"maxContains\":1}", "/maxContains", "without \"contains\"")]
    public void Keyword_that_decides_nothing_is_reported(string schema, string below, string message)
    {
        var problem = Assert.Single(Load(Document("\"tools\":{\"a\":{\"arguments\":" + schema + "}}")).Problems);
        Assert.Equal((FindingKind.IdleKeyword, "/tools/a/arguments" + below), (problem.Kind, problem.Pointer));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    // From the examples of JSON Schema 2020-12 core, sections 11.2 and 11.3, and the cases of its official suite.
    [Theory]
    [InlineData("""{"properties":{"a":true},"unevaluatedProperties":false}""", """{"a":1}""", true)]
    [InlineData("""{"properties":{"a":true},"unevaluatedProperties":false}""", """{"a":1,"b":1}""", false)]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"a":1}""", true)]
    [InlineData("""{"$ref":"#/$defs/r","$defs":{"r":{"properties":{"a":true}}},"unevaluatedProperties":false}""",
        """{"a":1}""", true)]
    [InlineData("""{"anyOf":[{"properties":{"a":true}},{"properties":{"b":true}}],"unevaluatedProperties":false}""",
        """{"a":1,"b":1}""", true)]
    [InlineData("""{"anyOf":[{"properties":{"a":true}},{"properties":{"b":{"type":"null"}}}],"unevaluatedProperties":false}""",
        """{"a":1,"b":1}""", false)]
    [InlineData("""{"not":{"not":{"properties":{"a":true}}},"unevaluatedProperties":false}""", """{"a":1}""", false)]
    [InlineData("""{"if":{"required":["a"],"properties":{"a":true}},"unevaluatedProperties":false}""", """{"a":1}""", true)]
    [InlineData("""{"if":{"properties":{"a":{"type":"null"}}},"else":{"properties":{"b":true}},"unevaluatedProperties":false}""",
        """{"a":1,"b":1}""", false)]
    [InlineData("""{"dependentSchemas":{"a":{"properties":{"b":true}}},"properties":{"a":true},"unevaluatedProperties":false}""",
        """{"a":1,"b":1}""", true)]
    [InlineData("""{"properties":{"v":{"properties":{"a":true}}},"unevaluatedProperties":false}""", """{"v":{"b":1}}""", true)]
    [InlineData("""{"properties":{"v":{"unevaluatedProperties":{"type":"string"}}}}""", """{"v":{"b":1}}""", false)]
    [InlineData("""{"properties":{"v":{"prefixItems":[true],"unevaluatedItems":false}}}""", """{"v":[1]}""", true)]
    [InlineData("""{"properties":{"v":{"prefixItems":[true],"unevaluatedItems":false}}}""", """{"v":[1,2]}""", false)]
    [InlineData("""{"properties":{"v":{"contains":{"type":"string"},"unevaluatedItems":false}}}""", """{"v":["a","b"]}""", true)]
    [InlineData("""{"properties":{"v":{"contains":{"type":"string"},"unevaluatedItems":false}}}""", """{"v":["a",1]}""", false)]
    public void Unevaluated_parts_are_found(string schema, string arguments, bool isAllowed) => Assert.Equal(
        isAllowed ? DecisionOutcome.Allow : DecisionOutcome.Deny,
        Evaluate($$"""{"arguments":{{schema}} }""", arguments).Outcome);

    [Fact]
    public void A_schema_made_to_take_exponential_time_is_refused_at_the_call()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 60).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            "d{{i}}":{"allOf":[{"$ref":"#/$defs/d{{i + 1}}"},{"$ref":"#/$defs/d{{i + 1}}"}]}
            """)));
        var decision = Evaluate(
            "{\"arguments\":{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + definitions + ",\"d60\":{}}}}", "{}");
        Assert.Equal((DecisionOutcome.Deny, "/tools/t/arguments"), (decision.Outcome, decision.Rule));
        Assert.StartsWith("the arguments are too large", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undetermined_value_is_also_denied_inside_not()
    {
        const string entry = """{"arguments":{"properties":{"a":{"not":{"minimum":5}}}}}""";
        Assert.Equal(DecisionOutcome.Allow, Evaluate(entry, """{"a":4}""").Outcome);
        Assert.Equal(DecisionOutcome.Deny, Evaluate(entry, """{"a":1e999999999999999999999}""").Outcome);
    }

    [Fact]
    public void A_chain_of_references_is_bounded_and_never_ends_the_process()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 50_000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""
            "d{{i}}":{"$ref":"#/$defs/d{{i + 1}}"}
            """)));
        var loaded = Load(Document("\"tools\":{\"t\":{\"arguments\":{\"$ref\":\"#/$defs/d0\",\"$defs\":{"
            + definitions + ",\"d50000\":{}}}}}"));
        if (loaded.Policy is { } policy)
            Assert.Equal(DecisionOutcome.Deny, Call(policy.Bind("g", "s"), "t", "{}").Outcome);
        else
            Assert.Contains(loaded.Problems, p => p.Message.Contains("too long", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0.3", "0.1", true)]
    [InlineData("0.35", "0.1", false)]
    [InlineData("1e400", "7", false)]
    [InlineData("7e400", "7", true)]
    [InlineData("1e99999999999", "0.000000001", true)]
    [InlineData("-9", "3", true)]
    [InlineData("0", "123", true)]
    [InlineData("1e-400", "1", false)]
    [InlineData("2.5", "0.05", true)]
    [InlineData("123456789012345678901234567890", "3", true)]
    [InlineData("123456789012345678901234567891", "3", false)]
    public void Multiples_are_exact(string value, string divisor, bool isMultiple)
    {
        var entry = "{\"number\":\"decimal\",\"arguments\":{\"properties\":{\"a\":{\"multipleOf\":" + divisor + "}}}}";
        Assert.Equal(
            isMultiple ? DecisionOutcome.Allow : DecisionOutcome.Deny,
            Evaluate(entry, "{\"a\":" + value + "}").Outcome);
    }
}
