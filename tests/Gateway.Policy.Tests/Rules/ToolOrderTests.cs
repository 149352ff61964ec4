using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class ToolOrderTests
{
    private const string Document = """
        {
          "version": "1", "default": "deny", "hide": ["delete_account", "internal_*"],
          "all_tools": { "limits": [ { "counter": "calls", "window": "hour", "max": 500, "scope": "server" } ] },
          "tools": {
            "resend": { "limits": [ { "counter": "resend", "window": "minute", "max": 10, "scope": "grant" } ] },
            "send_*": { "rate_limit": { "max": 30, "window": 60 } },
            "send_mail": {},
            "delete_customer": { "action": "deny", "reason": "By a person only." },
            "drop": { "action": "deny" },
            "internal_*": {}
          }
        }
        """;

    private readonly PolicyBinding _binding = Bind(Document, "claude", "afip");

    [Theory]
    [InlineData("delete_account", DecisionOutcome.Deny, "(hidden)")]
    [InlineData("internal_x", DecisionOutcome.Deny, "(hidden)")]
    [InlineData("unknown", DecisionOutcome.Deny, "(default deny)")]
    [InlineData("Resend", DecisionOutcome.Deny, "(default deny)")]
    [InlineData("delete_customer", DecisionOutcome.Deny, "/tools/delete_customer/action")]
    [InlineData("drop", DecisionOutcome.Deny, "/tools/drop/action")]
    [InlineData("send_sms", DecisionOutcome.Allow, "/tools/send_*")]
    [InlineData("send_mail", DecisionOutcome.Allow, "/tools/send_mail")]
    [InlineData("resend", DecisionOutcome.Allow, "/tools/resend")]
    public void Names_the_rule_that_decides(string tool, DecisionOutcome outcome, string rule)
    {
        var decision = Call(_binding, tool);
        Assert.Equal((outcome, rule), (decision.Outcome, decision.Rule));
        Assert.Equal(outcome == DecisionOutcome.Deny, decision.Reason.Length > 0);
        Assert.Equal(outcome == DecisionOutcome.Deny, decision.NextStep.Length > 0);
        Assert.Equal(outcome == DecisionOutcome.Allow, decision.Costs.Length > 0);
    }

    [Fact]
    public void Lists_the_costs_of_all_tools_first_and_then_of_the_entry()
    {
        var costs = Call(_binding, "resend").Costs;
        Assert.Equal(["/all_tools/limits/0", "/tools/resend/limits/0"], costs.Select(c => c.Rule));
        Assert.Equal("afip/calls/server/fixed/3600s/0", costs[0].Cost.Key.Text);
        Assert.Equal("claude@afip/resend/grant/fixed/60s/0", costs[1].Cost.Key.Text);
        Assert.Equal(("resend", "minute", "10", "1"), (
            costs[1].Counter, costs[1].WindowText, costs[1].Cost.Max.ToString(), costs[1].Cost.Cost.ToString()));
    }

    [Fact]
    public void A_pattern_with_the_short_form_is_one_counter_for_all_that_match()
    {
        var first = Call(_binding, "send_sms");
        Assert.Same(first, Call(_binding, "send_fax"));
        Assert.Equal("/tools/send_*/rate_limit", first.Costs[1].Rule);
        Assert.Equal("send_*_rate", first.Costs[1].Counter);
    }

    [Fact]
    public void The_refusal_states_the_reason_and_the_next_step()
    {
        Assert.StartsWith("Policy violation: By a person only. ", Call(_binding, "delete_customer").AgentText);
        Assert.StartsWith("Policy violation: The policy denies this tool. ", Call(_binding, "drop").AgentText);
    }

    [Fact]
    public void A_call_without_a_name_is_denied() =>
        Assert.Equal("(unnamed)", PolicyEngine.Decide(_binding, new PolicyCall(PolicySubject.Tool)).Rule);

    [Fact]
    public void A_name_that_is_too_long_is_denied_unjudged() =>
        Assert.Equal("(unnamed)", Call(_binding, "send_" + new string('x', PolicyBounds.NameLengthMax)).Rule);
}
