using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class ShadowTests
{
    private const string Limit = """{"counter":"c","window":60,"max":5}""";

    [Theory]
    [InlineData("deny", "/tools/deny/action", DecisionOutcome.Deny)]
    [InlineData("unknown", "(default deny)", DecisionOutcome.Deny)]
    [InlineData("bad", "/tools/bad/require/0", DecisionOutcome.Deny)]
    [InlineData("wrong", "/tools/wrong/arguments", DecisionOutcome.Deny)]
    [InlineData("ask", "/tools/ask/action", DecisionOutcome.Ask)]
    public void A_document_in_shadow_lets_through_and_says_what_would_have_been(
        string tool, string rule, DecisionOutcome outcome)
    {
        var decision = Call(Bind(Document("""
            "mode": "shadow",
            "tools": { "deny": { "action": "deny" }, "ask": { "action": "approve" },
                       "bad": { "require": [ { "path": "args.x", "op": "exists" } ] },
                       "wrong": { "arguments": { "required": ["x"] } } }
            """)), tool);
        Assert.Equal(DecisionOutcome.Allow, decision.Outcome);
        Assert.True(decision.IsShadow);
        Assert.Equal((outcome, rule), (decision.Shadow!.Outcome, decision.Shadow.Rule));
        Assert.NotEmpty(decision.Shadow.Reason);
    }

    [Fact]
    public void What_is_hidden_or_malformed_is_never_in_shadow()
    {
        var binding = Bind(Document("""
            "mode": "shadow", "hide": ["h"], "tools": { "t": { "require": [ { "path": "args.x", "op": "exists" } ] } }
            """));
        Assert.Equal(DecisionOutcome.Deny, Call(binding, "h").Outcome);
        Assert.Equal(DecisionOutcome.Deny, Call(binding, "t", "[]").Outcome);
        Assert.Equal(DecisionOutcome.Deny, About(binding, PolicySubject.Prompt).Outcome);
        Assert.True(About(binding, PolicySubject.NotServed).IsMethodNotFound);
    }

    [Fact]
    public void Other_subjects_are_in_shadow_with_the_document()
    {
        var binding = Bind(Document("\"mode\":\"shadow\",\"resources\":{\"deny\":[\"file:///x\"]}"));
        foreach (var subject in new[] { PolicySubject.Resource, PolicySubject.Task, PolicySubject.Other })
        {
            var decision = About(binding, subject, "file:///x");
            Assert.Equal((DecisionOutcome.Allow, true), (decision.Outcome, decision.IsShadow));
            Assert.Equal(DecisionOutcome.Deny, decision.Shadow!.Outcome);
        }
    }

    [Fact]
    public void A_limit_in_shadow_has_a_counter_of_its_own_and_is_taken_apart()
    {
        var binding = Bind(Document($$$"""
            "tools": { "s": { "mode": "shadow", "limits": [ {{{Limit}}} ] }, "e": { "limits": [ {{{Limit}}} ] } }
            """));
        var shadow = Call(binding, "s");
        var enforced = Call(binding, "e");
        Assert.Empty(shadow.Costs);
        Assert.False(shadow.IsShadow);
        Assert.Equal("c", Assert.Single(shadow.ShadowCosts).Counter);
        Assert.NotEqual(Assert.Single(shadow.ShadowLimitCosts).Key, Assert.Single(enforced.LimitCosts).Key);
        Assert.Empty(enforced.ShadowCosts);
    }

    [Fact]
    public void An_entry_in_shadow_leaves_all_tools_enforced()
    {
        var binding = Bind(Document($$$"""
            "all_tools": { "limits": [ {{{Limit}}} ], "deny_if": [ { "path": "args.bad", "op": "exists" } ] },
            "tools": { "s": { "mode": "shadow", "action": "deny", "limits": [ {"counter":"d","window":60,"max":5} ] } }
            """));
        var denied = Call(binding, "s", """{"bad":1}""");
        Assert.Equal((DecisionOutcome.Deny, "/all_tools/deny_if/0"), (denied.Outcome, denied.Rule));
        var through = Call(binding, "s", "{}");
        Assert.Equal((DecisionOutcome.Allow, "/tools/s/action"), (through.Outcome, through.Shadow!.Rule));

        // The call happens, so what is enforced counts it; the denied one that was not would have counted nothing.
        Assert.Equal("/all_tools/limits/0", Assert.Single(through.Costs).Rule);
        Assert.Empty(through.ShadowCosts);
    }

    [Fact]
    public void An_entry_is_enforced_within_a_document_in_shadow()
    {
        var binding = Bind(Document("""
            "mode": "shadow",
            "all_tools": { "deny_if": [ { "path": "args.bad", "op": "exists" } ] },
            "tools": { "e": { "mode": "enforce", "action": "approve",
                              "deny_if": [ { "path": "args.x", "op": "exists" } ] },
                       "d": { "mode": "enforce", "action": "deny" } }
            """));
        Assert.Equal(DecisionOutcome.Deny, Call(binding, "d").Outcome);
        Assert.Equal("/tools/e/deny_if/0", Call(binding, "e", """{"bad":1,"x":1}""").Rule);
        var asked = Call(binding, "e", """{"bad":1}""");
        Assert.Equal(
            (DecisionOutcome.Ask, "/all_tools/deny_if/0"), (asked.Outcome, asked.Shadow!.Rule));
    }

    [Fact]
    public void An_amount_that_cannot_be_counted_is_only_noted_in_shadow()
    {
        var decision = Evaluate("""
            { "mode": "shadow", "limits": [ {"counter":"c","window":60,"max":5,"increment_from":"args.a"} ] }
            """, "{}");
        Assert.Equal(DecisionOutcome.Allow, decision.Outcome);
        Assert.Equal("/tools/t/limits/0/increment_from", decision.Shadow!.Rule);
    }

    [Fact]
    public void An_ask_carries_the_costs_for_the_look_before_it_and_the_taking_after_it()
    {
        var decision = Evaluate($$$"""{"action":"approve","reason":"Money leaves.","limits":[{{{Limit}}}]}""");
        Assert.Equal((DecisionOutcome.Ask, "/tools/t/action"), (decision.Outcome, decision.Rule));
        Assert.Single(decision.Costs);
        Assert.Equal(ApprovalTerms.Default, decision.Approval);
        Assert.Equal("Money leaves.", decision.Reason);
    }
}
