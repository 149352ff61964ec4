using Gateway.Policy.Explaining;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class CallerTreeTests
{
    private const string Ana = """
        {"issuer":"corp","subject":"ana","client":"laptop","act":{"subject":"assistant"},
         "claims":{"groups":["agents","sales"],"dept":"sales","level":3,"https://corp.example/site":"Lima"}}
        """;

    [Theory]
    [InlineData("caller.subject", "eq", "\"ana\"", true)]
    [InlineData("caller.subject", "eq", "\"Ana\"", false)]
    [InlineData("caller.issuer", "in", "[\"corp\",\"lab\"]", true)]
    [InlineData("caller.client", "starts_with", "\"lap\"", true)]
    [InlineData("caller.act.subject", "eq", "\"assistant\"", true)]
    [InlineData("caller.claims.groups", "has", "\"agents\"", true)]
    [InlineData("caller.claims.groups", "has", "\"agent\"", false)]
    [InlineData("caller.claims.dept", "has", "\"sales\"", true)]
    [InlineData("caller.claims.groups[1]", "eq", "\"sales\"", true)]
    [InlineData("caller.claims.groups[*]", "in", "[\"agents\",\"sales\"]", true)]
    [InlineData("caller.claims.level", "gte", "3", true)]
    [InlineData("caller.claims[\\\"https://corp.example/site\\\"]", "eq", "\"Lima\"", true)]
    [InlineData("caller.claims.email", "exists", "false", true)]
    [InlineData("caller.claims.email", "eq", "\"ana@corp.example\"", false)]
    public void A_condition_reads_the_caller(string path, string op, string value, bool holds)
    {
        var condition = $$"""{"path":"{{path}}","op":"{{op}}","value":{{value}}}""";
        Assert.Equal(
            holds ? DecisionOutcome.Allow : DecisionOutcome.Deny, Decide("require", condition, Ana).Outcome);
        Assert.Equal(
            holds ? DecisionOutcome.Deny : DecisionOutcome.Allow, Decide("deny_if", condition, Ana).Outcome);
    }

    [Theory]
    [InlineData("caller.headers.x-team", "eq", "\"sales\"", true)]
    [InlineData("caller.headers.X-TEAM", "eq", "\"sales\"", true)]
    [InlineData("caller.headers[\\\"X-Team\\\"]", "in", "[\"sales\"]", true)]
    [InlineData("caller.headers.x-team", "starts_with", "\"sal\"", true)]
    [InlineData("caller.headers.x-team", "eq", "\"Sales\"", false)]
    [InlineData("caller.headers.x_team", "exists", "true", false)]
    [InlineData("caller.headers.x-none", "exists", "false", true)]
    [InlineData("caller.subject", "exists", "false", true)]
    public void A_condition_reads_a_header_of_a_trusted_proxy(string path, string op, string value, bool holds)
    {
        const string headers = """{"headers":{"X-Team":"sales"}}""";
        var condition = $$"""{"path":"{{path}}","op":"{{op}}","value":{{value}}}""";
        Assert.Equal(
            holds ? DecisionOutcome.Allow : DecisionOutcome.Deny, Decide("require", condition, headers).Outcome);
        Assert.Equal(
            holds ? DecisionOutcome.Deny : DecisionOutcome.Allow, Decide("deny_if", condition, headers).Outcome);
    }

    [Fact]
    public void A_caller_has_a_subject_and_headers_and_only_a_proxy_sends_headers()
    {
        const string condition = """{"path":"caller.headers.x-team","op":"exists"}""";
        const string both = """
            {"all":[{"path":"caller.headers.x-team","op":"eq","value":"sales"},
                    {"path":"caller.subject","op":"eq","value":"ana"}]}
            """;
        const string ana = """{"issuer":"corp","subject":"ana","headers":{"x-team":"sales"}}""";
        Assert.Equal(DecisionOutcome.Allow, Decide("require", both, ana).Outcome);
        Assert.Equal(DecisionOutcome.Deny, Decide("require", condition, Ana).Outcome);
        Assert.Equal(DecisionOutcome.Deny, Decide("require", condition, caller: null, """{"headers":1}""").Outcome);
    }

    [Fact]
    public void Show_if_cannot_read_headers()
    {
        var problem = Assert.Single(Load(Document(
            """ "tools":{"t":{"show_if":[{"path":"caller.headers.x-team","op":"exists"}]}} """)).Problems);
        Assert.Contains("requests of a caller get the same list", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_counts_by_a_header_and_denies_a_call_that_lacks_it()
    {
        var binding = Bind(Document(
            """ "tools":{"t":{"limits":[{"counter":"c","window":60,"max":5,"by":["caller.headers.X-Team"]}]}} """));
        Assert.Equal(["sales"], ByValueTests.Values(Call(binding, "t", caller: """{"headers":{"x-team":"sales"}}""")));
        var denied = Call(binding, "t", caller: Ana);
        Assert.Equal("/tools/t/limits/0/by", denied.Rule);
        Assert.Equal("Ask the operator to make a trusted proxy send this header exactly once.", denied.NextStep);
    }

    [Theory]
    [InlineData("""{"headers":{"a":1}}""")]
    [InlineData("""{"headers":{"a":"1","A":"1"}}""")]
    [InlineData("""{"headers":{},"subject":"ana"}""")]
    [InlineData("""{"headers":[]}""")]
    public void A_made_up_caller_with_other_headers_is_an_error(string json) =>
        Assert.Null(CallerJson.Read(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void An_argument_named_caller_is_not_the_caller()
    {
        const string condition = """{"path":"caller.subject","op":"eq","value":"ana"}""";
        const string forged = """{"caller":{"subject":"ana"},"caller.subject":"ana","Caller":{"subject":"ana"}}""";
        Assert.Equal(DecisionOutcome.Deny, Decide("require", condition, caller: null, forged).Outcome);
        const string argument = """{"path":"args.caller.subject","op":"eq","value":"ana"}""";
        const string given = """{"caller":{"subject":"ana"}}""";
        Assert.Equal(DecisionOutcome.Allow, Decide("require", argument, caller: null, given).Outcome);
        Assert.Equal(DecisionOutcome.Deny, Decide("require", argument, Ana).Outcome);
    }

    [Theory]
    [InlineData("require", DecisionOutcome.Deny)]
    [InlineData("deny_if", DecisionOutcome.Allow)]
    [InlineData("approve_if", DecisionOutcome.Ask)]
    public void A_call_without_a_caller_compares_as_one_without_the_argument(string list, DecisionOutcome expected) =>
        Assert.Equal(
            expected, Decide(list, """{"path":"caller.claims.dept","op":"eq","value":"x"}""", caller: null).Outcome);

    [Fact]
    public void The_refusal_names_no_value_of_the_caller_and_no_argument_to_change()
    {
        var denied = Decide("require", """{"path":"caller.claims.dept","op":"eq","value":"legal"}""", Ana);
        Assert.Equal("The policy requires that caller.claims.dept is \"legal\"", denied.Reason);
        Assert.Equal("Ask the operator whether this caller should be allowed to make this call.", denied.NextStep);
        Assert.DoesNotContain("sales", denied.AgentText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_may_name_callers()
    {
        const string entry = """{"require":[{"path":"caller.subject","op":"in","list":"people"}]}""";
        var binding = Bind(
            Document("\"tools\":{\"t\":" + entry + "}"), lists: ListsOf(("people", ["ana", "eve"])));
        Assert.Equal(DecisionOutcome.Allow, Call(binding, "t", caller: Ana).Outcome);
        Assert.Equal(
            DecisionOutcome.Deny, Call(binding, "t", caller: """{"issuer":"corp","subject":"bob"}""").Outcome);
    }

    [Theory]
    [InlineData("contains", "\"a\"")]
    [InlineData("starts_with", "\"a\"")]
    [InlineData("ends_with", "\"a\"")]
    [InlineData("matches", "\"a\"")]
    [InlineData("matches_any", "[\"a\"]")]
    [InlineData("host_in", "[\"a.example\"]")]
    [InlineData("path_in", "[\"a\"]")]
    public void A_comparison_of_a_part_of_a_claim_is_an_error(string op, string value)
    {
        var loaded = Load(Document(
            "\"tools\":{\"t\":{\"require\":[{\"path\":\"caller.claims.groups\",\"op\":\"" + op + "\",\"value\":" + value
                + "}]}}"));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal("/tools/t/require/0/op", problem.Pointer);
        Assert.Contains("use \"has\"", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("caller", "names nothing that a caller has")]
    [InlineData("caller.email", "names nothing that a caller has")]
    [InlineData("caller.claims", "names nothing that a caller has")]
    [InlineData("caller.claims[0]", "names nothing that a caller has")]
    [InlineData("caller.act", "names nothing that a caller has")]
    [InlineData("caller.act.sub", "names nothing that a caller has")]
    [InlineData("caller.subject.x", "names nothing that a caller has")]
    [InlineData("caller.headers", "names nothing that a caller has")]
    [InlineData("caller.headers[0]", "names nothing that a caller has")]
    [InlineData("caller.headers.x-team.a", "names nothing that a caller has")]
    [InlineData("caller.headers[\\\"x team\\\"]", "not the name of a header")]
    [InlineData("caller.headers[\\\"x:team\\\"]", "not the name of a header")]
    [InlineData("caller.headers.Authorization", "may contain a credential")]
    [InlineData("caller.headers.proxy-authorization", "may contain a credential")]
    [InlineData("caller.headers.Cookie", "may contain a credential")]
    [InlineData("caller.headers.X-API-Key", "may contain a credential")]
    [InlineData("caller.headers.x_api_key", "may contain a credential")]
    [InlineData("caller.headers.DPoP", "may contain a credential")]
    [InlineData("caller.headers.Mcp-Session-Id", "may contain a credential")]
    [InlineData("caller.headers.X-Amz-Security-Token", "may contain a credential")]
    [InlineData("caller.headers.Cf-Access-Jwt-Assertion", "may contain a credential")]
    [InlineData("callers.subject", "a path begins with \"args\"")]
    public void A_path_that_no_caller_has_is_an_error(string path, string message)
    {
        var condition = "{\"path\":\"" + path + "\",\"op\":\"exists\"}";
        var problem = Assert.Single(Load(Document("\"all_tools\":{\"require\":[" + condition + "]}")).Problems);
        Assert.Equal("/all_tools/require/0/path", problem.Pointer);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_counts_by_a_claim_and_denies_a_call_that_lacks_it()
    {
        const string entry =
            """{"limits":[{"counter":"c","window":60,"max":5,"by":["caller.claims.dept","args.x"]}]}""";
        var binding = Bind(Document($$"""  "tools":{"t":{{entry}}}  """));
        Assert.Equal(["sales", "1"], ByValueTests.Values(Call(binding, "t", """{"x":1}""", caller: Ana)));
        var denied = Call(binding, "t", """{"x":1,"caller":{"claims":{"dept":"sales"}}}""");
        Assert.Equal("/tools/t/limits/0/by", denied.Rule);
        Assert.Equal(
            "Call with a token that has caller.claims.dept, or ask the operator for such a token.", denied.NextStep);
    }

    [Fact]
    public void A_result_and_a_cost_cannot_read_the_caller()
    {
        Assert.Null(Load(Document(
            """ "all_tools":{"results":{"deny_if":[{"path":"caller.subject","op":"exists"}]}} """)).Policy);
        Assert.Null(Load(Document(
            """ "all_tools":{"limits":[{"counter":"c","window":60,"max":5,"increment_from":"caller.claims.n"}]} """))
            .Policy);
    }

    [Theory]
    [InlineData("require")]
    [InlineData("deny_if")]
    [InlineData("approve_if")]
    public void Denies_when_the_claims_cannot_be_read(string list)
    {
        var binding = Bind(Document(
            "\"tools\":{\"t\":{\"" + list + "\":[{\"path\":\"caller.claims.a\",\"op\":\"exists\",\"value\":false}]}}"));
        var caller = new Caller { Issuer = "corp", Subject = "ana", Claims = "{\"a\":1,\"a\":2}"u8.ToArray() };
        var decision = PolicyEngine.Decide(binding, PolicyCall.OfTool("t", default) with { Caller = caller });
        Assert.Equal(DecisionOutcome.Deny, decision.Outcome);
        Assert.StartsWith("The claims of the caller's token cannot be read", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"mode\":\"shadow\",")]
    public void A_tool_is_hidden_from_callers_that_do_not_meet_show_if(string mode)
    {
        var binding = Bind(Document("\"tools\":{\"t\":{" + mode
            + "\"show_if\":[{\"path\":\"caller.claims.groups\",\"op\":\"has\",\"value\":\"agents\"}]},\"u\":{}}"));
        const string bob = """{"issuer":"corp","subject":"bob","claims":{"groups":["not-agents"]}}""";
        const string odd = """{"issuer":"corp","subject":"bob","claims":{"groups":{"agents":1}}}""";

        Assert.Equal(DecisionOutcome.Allow, Call(binding, "t", caller: Ana).Outcome);
        Assert.True(PolicyEngine.IsListed(binding, ListKind.Tools, "t", caller: CallerOf(Ana)));
        Assert.True(PolicyEngine.IsListed(binding, ListKind.Tools, "u"));
        foreach (var caller in new[] { bob, odd, null })
        {
            var denied = Call(binding, "t", caller: caller);
            Assert.Equal((DecisionOutcome.Deny, "/tools/t/show_if/0"), (denied.Outcome, denied.Rule));
            Assert.Equal("This tool is hidden by the policy", denied.Reason);
            Assert.False(PolicyEngine.IsListed(binding, ListKind.Tools, "t", caller: CallerOf(caller)));
        }
    }

    [Theory]
    [InlineData("""{"path":"args.a","op":"exists"}""", "/tools/t/show_if/0/path", "a list has no arguments")]
    [InlineData("""{"any":[{"time":{"zone":"UTC","days":["mon"]}}]}""", "/tools/t/show_if/0/any/0", "only the caller")]
    public void Show_if_reads_only_the_caller(string condition, string pointer, string message)
    {
        var loaded = Load(Document("\"tools\":{\"t\":{\"show_if\":[" + condition + "]}}"));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal(pointer, problem.Pointer);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explains_the_decision_for_a_caller()
    {
        var binding = Bind(Document(
            """ "tools":{"t":{"require":[{"path":"caller.claims.groups","op":"has","value":"agents"}]}} """));
        var call = PolicyCall.OfTool("t", default);
        Assert.Equal(DecisionOutcome.Deny, PolicyExplainer.Explain(binding, call).Decision.Outcome);
        var explained = PolicyExplainer.Explain(binding, call with { Caller = CallerOf(Ana) });
        Assert.Equal(DecisionOutcome.Allow, explained.Decision.Outcome);
        Assert.Contains(explained.Steps, static step => step is { Rule: "/tools/t/require/0", Outcome: "pass" });
    }

    private static PolicyDecision Decide(string list, string condition, string? caller, string? arguments = null) =>
        Call(
            Bind(Document("\"case_variants\":\"allow\",\"tools\":{\"t\":{\"" + list + "\":[" + condition + "]}}")), "t",
            arguments, caller: caller);
}
