using Gateway.Policy.Explaining;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class ExplainTests
{
    private const string Refunds = """
        {"version":"1","default":"deny","hide":["secret"],
         "tools":{
           "stop":{"action":"deny","reason":"Never"},
           "pay":{"require":[{"path":"args.why","op":"exists"}],
                  "deny_if":[{"path":"args.amount","op":"gt","value":10}],
                  "limits":[{"counter":"paid","window":"day","max":20,"increment_from":"args.amount"}]},
           "send":{"approve_if":[{"path":"args.n","op":"gt","value":1}]},
           "slow":{"max_in_flight":{"max":3}},
           "try":{"mode":"shadow","approve_if":[{"path":"args.n","op":"gt","value":1}]}}}
        """;

    [Theory]
    [InlineData("secret", "{}", "hide:deny")]
    [InlineData("other", "{}", "hide:pass entry:pass action:deny")]
    [InlineData("stop", "{}", "hide:pass entry:pass action:deny")]
    [InlineData("pay", "{}", "hide:pass entry:pass names:pass numbers:pass condition:deny")]
    [InlineData("pay", """{"why":"x","amount":11}""",
        "hide:pass entry:pass names:pass numbers:pass condition:pass condition:deny")]
    [InlineData("pay", """{"why":"x"}""",
        "hide:pass entry:pass names:pass numbers:pass condition:pass condition:pass limit:deny")]
    [InlineData("pay", """{"why":"x","amount":2}""",
        "hide:pass entry:pass names:pass numbers:pass condition:pass condition:pass limit:count")]
    [InlineData("pay", """{"why":1,"why":2}""", "hide:pass entry:pass arguments:deny")]
    [InlineData("slow", "{}", "hide:pass entry:pass limit:pass max_in_flight:count")]
    [InlineData("send", "{\"n\":1}", "hide:pass entry:pass names:pass numbers:pass condition:pass limit:pass")]
    [InlineData("send", "{\"n\":2}", "hide:pass entry:pass names:pass numbers:pass condition:ask limit:pass")]
    [InlineData("try", "{}", "hide:pass entry:pass names:pass numbers:pass condition:would ask limit:pass")]
    public void The_steps_end_where_the_decision_falls(string tool, string arguments, string steps)
    {
        var binding = Bind(Refunds);
        var explained = PolicyExplainer.Explain(
            binding, new PolicyCall(PolicySubject.Tool, tool, Encoding.UTF8.GetBytes(arguments)));

        Assert.Equal(steps, string.Join(' ', explained.Steps.Select(step => $"{step.Name}:{step.Outcome}")));
        Assert.Equal(Call(binding, tool, arguments).Rule, explained.Decision.Rule);
        if (explained.Decision.Outcome == DecisionOutcome.Deny)
            Assert.Equal(explained.Decision.Rule, explained.Steps[^1].Rule);
    }

    [Fact]
    public void A_limit_of_a_zones_dates_says_which()
    {
        var binding = Bind(Document("""
            "tools":{"a":{"limits":[{"counter":"c","window":"week","zone":"Africa/Cairo","max":5}]}}
            """));

        var explained = PolicyExplainer.Explain(binding, new PolicyCall(PolicySubject.Tool, "a"));

        Assert.StartsWith(
            "takes 1 of 5 per week in Africa/Cairo from c", explained.Steps[^1].Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_methods_have_one_step()
    {
        var explained = PolicyExplainer.Explain(Bind(Refunds), new PolicyCall(PolicySubject.Opening));

        Assert.Equal("(protocol)", Assert.Single(explained.Steps).Rule);
    }
}
