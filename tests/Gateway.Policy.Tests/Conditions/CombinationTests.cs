using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Conditions;

public class CombinationTests
{
    private const string XIs1 = """{"path":"args.x","op":"eq","value":1}""";
    private const string YIs1 = """{"path":"args.y","op":"eq","value":1}""";

    [Theory]
    [InlineData("any", "{\"x\":1,\"y\":2}", "holds")]
    [InlineData("any", "{\"x\":2,\"y\":2}", "fails")]
    [InlineData("any", "{\"x\":1,\"y\":[]}", "denies")]
    [InlineData("any", "{\"x\":[],\"y\":1}", "denies")]
    [InlineData("any", "{\"x\":1}", "holds")]
    [InlineData("any", "{}", "fails")]
    [InlineData("all", "{\"x\":1,\"y\":1}", "holds")]
    [InlineData("all", "{\"x\":1,\"y\":2}", "fails")]
    [InlineData("all", "{\"x\":1}", "fails")]
    [InlineData("all", "{\"x\":2,\"y\":{}}", "denies")]
    [InlineData("all", "{\"x\":{},\"y\":2}", "denies")]
    public void Any_and_all_skip_nothing(string combination, string arguments, string expected) =>
        OperatorTests.AssertTruth($$"""{"{{combination}}":[{{XIs1}},{{YIs1}}]}""", arguments, expected);

    [Theory]
    [InlineData("{\"x\":2}", "holds")]
    [InlineData("{\"x\":1}", "fails")]
    [InlineData("{}", "holds")]
    [InlineData("{\"x\":\"one\"}", "denies")]
    public void Not_turns_round_but_never_lets_through(string arguments, string expected)
    {
        OperatorTests.AssertTruth($$"""{"not":{{XIs1}}}""", arguments, expected);
        OperatorTests.AssertTruth($$$"""{"not":{"any":[{"not":{"not":{{{XIs1}}}}}]}}""", arguments, expected);
    }

    [Theory]
    [InlineData("args.a.b", "{\"a\":{\"b\":1}}", "holds")]
    [InlineData("args.a.b", "{\"a\":{}}", "fails")]
    [InlineData("args.a.b", "{\"a\":5}", "fails")]
    [InlineData("args.a.b", "{\"a\":null}", "fails")]
    [InlineData("args.a.b", "{\"a.b\":1}", "fails")]
    [InlineData("args[\"a.b\"]", "{\"a.b\":1}", "holds")]
    [InlineData("args[\"\"]", "{\"\":1}", "holds")]
    [InlineData("args.a[\"x\\\"]\"].c", "{\"a\":{\"x\\\"]\":{\"c\":1}}}", "holds")]
    [InlineData("args.a[1]", "{\"a\":[2,1]}", "holds")]
    [InlineData("args.a[2]", "{\"a\":[2,1]}", "fails")]
    [InlineData("args.a[0]", "{\"a\":{\"0\":1}}", "fails")]
    [InlineData("args.a.0", "{\"a\":{\"0\":1}}", "holds")]
    [InlineData("args.a[0][1].b", "{\"a\":[[0,{\"b\":1}]]}", "holds")]
    [InlineData("args.a[99999999999]", "{}", null)]
    public void Paths(string path, string arguments, string? expected)
    {
        var condition = $$"""{"path":{{System.Text.Json.JsonSerializer.Serialize(path)}},"op":"eq","value":1}""";
        if (expected is null)
            Assert.NotEmpty(Load(Document("\"all_tools\":{\"require\":[" + condition + "]}")).Problems);
        else
            OperatorTests.AssertTruth(condition, arguments, expected);
    }

    // A path with [*] is every element under require and any under deny_if, so the two are not opposites.
    [Theory]
    [InlineData("{\"a\":[{\"b\":1},{\"b\":1}]}", true, true)]
    [InlineData("{\"a\":[{\"b\":1},{\"b\":2}]}", false, true)]
    [InlineData("{\"a\":[{\"b\":2},{\"b\":2}]}", false, false)]
    [InlineData("{\"a\":[{\"b\":1},{}]}", false, true)]
    [InlineData("{\"a\":[]}", false, false)]
    [InlineData("{}", false, false)]
    [InlineData("{\"a\":null}", false, false)]
    [InlineData("{\"a\":[{\"b\":1},{\"b\":\"x\"}]}", false, true)]
    [InlineData("{\"a\":[{\"b\":2},{\"b\":\"x\"}]}", false, true)]
    [InlineData("{\"a\":{\"b\":1}}", false, true)]
    [InlineData("{\"a\":\"x\"}", false, true)]
    public void Every_element_is_asked(string arguments, bool passesRequire, bool firesDenyIf)
    {
        const string condition = """{"path":"args.a[*].b","op":"eq","value":1}""";
        Assert.Equal(passesRequire, IsAllowed("{\"require\":[" + condition + "]}", arguments));
        Assert.Equal(firesDenyIf, !IsAllowed("{\"deny_if\":[" + condition + "]}", arguments));

        // Twice not is once itself, with the quantity turned round twice.
        const string twice = """{"not":{"not":{"path":"args.a[*].b","op":"eq","value":1}}}""";
        Assert.Equal(passesRequire, IsAllowed("{\"require\":[" + twice + "]}", arguments));
    }

    [Theory]
    [InlineData("{\"a\":[1,2]}", false)]
    [InlineData("{\"a\":[2,2]}", true)]
    [InlineData("{\"a\":[]}", true)]
    [InlineData("{}", true)]
    public void Not_under_require_asks_that_no_element_is_so(string arguments, bool passes) => Assert.Equal(
        passes, IsAllowed("""{"require":[{"not":{"path":"args.a[*]","op":"eq","value":1}}]}""", arguments));

    [Theory]
    [InlineData("{\"a\":[[1,1],[1]]}", true)]
    [InlineData("{\"a\":[[1,1],[2]]}", false)]
    [InlineData("{\"a\":[[1,1],[]]}", false)]
    public void Elements_of_elements(string arguments, bool passes) => Assert.Equal(
        passes, IsAllowed("""{"require":[{"path":"args.a[*][*]","op":"eq","value":1}]}""", arguments));

    [Theory]
    [InlineData("{\"a\":[{\"b\":1}]}", true, false)]
    [InlineData("{\"a\":[{}]}", false, true)]
    [InlineData("{\"a\":[{\"b\":1},{}]}", false, false)]
    [InlineData("{\"a\":[]}", false, true)]
    [InlineData("{}", false, true)]
    public void Exists_with_every_element(string arguments, bool exists, bool existsNot)
    {
        Assert.Equal(exists, IsAllowed("""{"require":[{"path":"args.a[*].b","op":"exists"}]}""", arguments));
        Assert.Equal(
            existsNot, IsAllowed("""{"require":[{"path":"args.a[*].b","op":"exists","value":false}]}""", arguments));
    }

    [Fact]
    public void The_reason_is_the_authors_or_says_the_rule_without_the_calls_value()
    {
        const string entry = """
            { "deny_if": [
              { "path": "args.amount", "op": "gt", "value": 10000, "reason": "Over 10,000: ask finance." },
              { "any": [ { "path": "args.to", "op": "ends_with", "value": "@x.com" },
                         { "path": "args.cc[*]", "op": "matches", "value": "^y" } ] } ] }
            """;
        Assert.StartsWith(
            "Policy violation: Over 10,000: ask finance. Change", Evaluate(entry, """{"amount":10001}""").AgentText);
        var second = Evaluate(entry, """{"amount":1,"to":"me@x.com"}""");
        Assert.Equal("/tools/t/deny_if/1", second.Rule);
        Assert.Equal(
            "The policy denies calls where any of (args.to ends with \"@x.com\"; args.cc[*] matches \"^y\")",
            second.Reason);
        Assert.DoesNotContain("me@", second.AgentText, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_comes_before_deny_if_and_all_tools_before_the_entry()
    {
        var binding = Bind(Document("""
            "all_tools": { "require": [ { "path": "args.a", "op": "exists" } ],
                           "deny_if": [ { "path": "args.b", "op": "exists" } ] },
            "tools": { "t": { "require": [ { "path": "args.c", "op": "exists" } ],
                              "deny_if": [ { "path": "args.d", "op": "exists" } ] } }
            """));
        Assert.Equal("/all_tools/require/0", Call(binding, "t").Rule);
        Assert.Equal("/tools/t/require/0", Call(binding, "t", """{"a":1,"b":1,"d":1}""").Rule);
        Assert.Equal("/all_tools/deny_if/0", Call(binding, "t", """{"a":1,"b":1,"c":1,"d":1}""").Rule);
        Assert.Equal("/tools/t/deny_if/0", Call(binding, "t", """{"a":1,"c":1,"d":1}""").Rule);
        Assert.Equal("/tools/t", Call(binding, "t", """{"a":1,"c":1}""").Rule);
    }

    [Fact]
    public void All_tools_holds_for_a_tool_that_only_the_default_allows()
    {
        var binding = Bind("""
            {"version":"1","default":"allow","all_tools":{"deny_if":[{"path":"args.b","op":"exists"}]}}
            """);
        Assert.Equal("/all_tools/deny_if/0", Call(binding, "any", """{"b":1}""").Rule);
        Assert.Equal("(default allow)", Call(binding, "any").Rule);
    }

    private static bool IsAllowed(string entry, string arguments) =>
        Evaluate(entry, arguments).Outcome == DecisionOutcome.Allow;
}
