using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class ApproveIfTests
{
    private const string Pay = """
        {"require":[{"path":"args.to","op":"exists"}],
         "deny_if":[{"path":"args.amount","op":"gt","value":1000}],
         "approve_if":[{"path":"args.amount","op":"gt","value":100,"reason":"More than 100."},
                       {"path":"args.cc[*]","op":"eq","value":"boss"}],
         "approval":{"expires":60,"wait":0},
         "limits":[{"counter":"paid","window":"day","max":2000,"increment_from":"args.amount"}]}
        """;

    [Theory]
    [InlineData("""{"to":"x","amount":100,"cc":["a"]}""", DecisionOutcome.Allow, "/tools/t")]
    [InlineData("""{"to":"x","amount":"100.00","cc":["a"]}""", DecisionOutcome.Allow, "/tools/t")]
    [InlineData("""{"to":"x","amount":101,"cc":["a"]}""", DecisionOutcome.Ask, "/tools/t/approve_if/0")]
    [InlineData("""{"to":"x","amount":1,"cc":["a","boss"]}""", DecisionOutcome.Ask, "/tools/t/approve_if/1")]
    [InlineData("""{"to":"x","amount":101,"cc":["boss"]}""", DecisionOutcome.Ask, "/tools/t/approve_if/0")]
    [InlineData("""{"to":"x","amount":1}""", DecisionOutcome.Ask, "/tools/t/approve_if/1")]
    [InlineData("""{"to":"x","amount":1,"cc":[]}""", DecisionOutcome.Ask, "/tools/t/approve_if/1")]
    [InlineData("""{"to":"x","amount":1,"cc":"a"}""", DecisionOutcome.Ask, "/tools/t/approve_if/1")]
    [InlineData("""{"to":"x","amount":1,"cc":["a",1]}""", DecisionOutcome.Ask, "/tools/t/approve_if/1")]
    [InlineData("""{"to":"x","amount":1001,"cc":["boss"]}""", DecisionOutcome.Deny, "/tools/t/deny_if/0")]
    [InlineData("""{"to":"x","amount":"many","cc":["boss"]}""", DecisionOutcome.Deny, "/tools/t/deny_if/0")]
    [InlineData("""{"amount":101,"cc":["boss"]}""", DecisionOutcome.Deny, "/tools/t/require/0")]
    [InlineData("""{"to":"x","cc":["boss"]}""", DecisionOutcome.Deny, "/tools/t/limits/0/increment_from")]
    [InlineData("""{"to":"x","amount":101,"CC":["a"]}""", DecisionOutcome.Deny, "(ambiguous argument)")]
    [InlineData("[]", DecisionOutcome.Deny, "(unreadable arguments)")]
    public void Denies_before_it_asks_and_asks_before_it_allows(
        string arguments, DecisionOutcome outcome, string rule)
    {
        var decision = Evaluate(Pay, arguments);
        Assert.Equal((outcome, rule), (decision.Outcome, decision.Rule));
        Assert.Equal(outcome != DecisionOutcome.Deny, decision.LimitCosts.Length == 1);
        Assert.Equal(
            outcome == DecisionOutcome.Ask ? new ApprovalTerms(TimeSpan.FromMinutes(1), TimeSpan.Zero) : null,
            decision.Approval);
    }

    [Theory]
    [InlineData("""{"path":"args.x","op":"exists"}""", DecisionOutcome.Allow)]
    [InlineData("""{"path":"args.x","op":"exists","value":false}""", DecisionOutcome.Ask)]
    [InlineData("""{"not":{"path":"args.x","op":"exists"}}""", DecisionOutcome.Ask)]
    [InlineData("""{"path":"args.x","op":"eq","value":1}""", DecisionOutcome.Ask)]
    [InlineData("""{"not":{"path":"args.x","op":"eq","value":1}}""", DecisionOutcome.Ask)]
    [InlineData("""{"all":[{"path":"args.x","op":"exists"},{"path":"args.x","op":"gt","value":1}]}""",
        DecisionOutcome.Ask)]
    [InlineData("""{"any":[{"path":"args.x[*].y","op":"in","value":[1]}]}""", DecisionOutcome.Ask)]
    public void A_path_that_is_not_there_asks_unless_it_is_asked_whether_it_exists(
        string condition, DecisionOutcome outcome) =>
        Assert.Equal(outcome, Evaluate($$"""{"approve_if":[{{condition}}]}""", "{}").Outcome);

    [Fact]
    public void Says_why_a_person_is_asked()
    {
        Assert.Equal("More than 100.", Evaluate(Pay, """{"to":"x","amount":101,"cc":["a"]}""").Reason);
        Assert.Equal("A person has to approve calls where args.cc[*] is \"boss\"",
            Evaluate(Pay, """{"to":"x","amount":1,"cc":["boss"]}""").Reason);
        Assert.Contains("a value is missing", Evaluate(Pay, """{"to":"x","amount":1}""").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_tools_asks_about_every_tool_by_the_terms_of_its_entry()
    {
        var binding = Bind("""
            {"version":"1","default":"allow",
             "all_tools":{"approve_if":[{"path":"args.force","op":"exists"}]},
             "tools":{"a":{"approval":{"expires":60}},"b":{"action":"approve"},
                      "c":{"approve_if":[{"path":"args.x","op":"exists","value":false}]}}}
            """);
        const string forced = """{"force":true}""";
        Assert.Equal(TimeSpan.FromMinutes(1), Call(binding, "a", forced).Approval!.ExpiresAfter);
        Assert.Equal(ApprovalTerms.Default, Call(binding, "other", forced).Approval);
        foreach (var tool in new[] { "a", "b", "c", "other" })
            Assert.Equal("/all_tools/approve_if/0", Call(binding, tool, forced).Rule);
        Assert.Equal(
            ["/tools/a", "/tools/b/action", "/tools/c/approve_if/0", "(default allow)"],
            new[] { "a", "b", "c", "other" }.Select(tool => Call(binding, tool, "{}").Rule));
    }

    [Fact]
    public void In_shadow_it_is_only_noted_and_what_is_enforced_still_asks()
    {
        var binding = Bind("""
            {"version":"1","default":"deny",
             "all_tools":{"approve_if":[{"path":"args.force","op":"exists"}]},
             "tools":{"s":{"mode":"shadow","approve_if":[{"path":"args.x","op":"exists"}]},
                      "a":{"mode":"shadow","action":"approve"}}}
            """);
        var noted = Call(binding, "s", """{"x":1}""");
        Assert.Equal((DecisionOutcome.Allow, "/tools/s/approve_if/0"), (noted.Outcome, noted.Shadow!.Rule));
        Assert.Equal((DecisionOutcome.Ask, ApprovalTerms.Default), (noted.Shadow.Outcome, noted.Shadow.Approval));
        Assert.Null(noted.Approval);
        var asked = Call(binding, "s", """{"x":1,"force":1}""");
        Assert.Equal((DecisionOutcome.Ask, "/tools/s/approve_if/0"), (asked.Outcome, asked.Shadow!.Rule));
        Assert.Equal("/all_tools/approve_if/0", Call(binding, "a", """{"force":1}""").Rule);
    }

    [Fact]
    public void A_call_too_large_to_evaluate_is_denied_without_asking_for_approval()
    {
        var condition = """{"path":"args.v[*][*]","op":"eq","value":1}""";
        var arguments = $$"""{"v":[{{string.Join(',', Enumerable.Repeat("[1,1,1,1,1,1,1,1,1,1]", 20_000))}}]}""";
        var decision = Evaluate(
            $$"""{"approve_if":[{{string.Join(',', Enumerable.Repeat(condition, 30))}}]}""", arguments);
        Assert.Equal(DecisionOutcome.Deny, decision.Outcome);
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("deny")]
    public void Warns_where_the_action_leaves_nothing_to_ask(string action)
    {
        var loaded = Load(Document($$"""
            "tools":{"t":{"approve_if":[ {"path":"args.x","op":"exists"} ],"action":"{{action}}"} }
            """));
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal((ProblemSeverity.Warning, "/tools/t/approve_if"), (problem.Severity, problem.Pointer));
    }
}
