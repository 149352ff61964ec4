using Gateway.Policy.Explaining;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public sealed class PinTests
{
    [Theory]
    [InlineData("", "{}", ToolStanding.Unaccepted, false)]
    [InlineData("", "{}", ToolStanding.Blocked, true)]
    [InlineData("\"pin\":\"off\",", "{}", ToolStanding.Blocked, true)]
    [InlineData("\"pin\":\"warn\",", "{}", ToolStanding.Unaccepted, false)]
    [InlineData("\"pin\":\"warn\",", "{}", ToolStanding.Blocked, true)]
    [InlineData("\"pin\":\"deny\",", "{}", ToolStanding.Accepted, false)]
    [InlineData("\"pin\":\"deny\",", "{}", ToolStanding.Unaccepted, true)]
    [InlineData("\"pin\":\"deny\",", """{"pin":"off"}""", ToolStanding.Unaccepted, false)]
    [InlineData("", """{"pin":"deny"}""", ToolStanding.Unaccepted, true)]
    [InlineData("\"pin\":\"deny\",", """{"pin":"warn"}""", ToolStanding.Unaccepted, false)]
    public void Denies_and_hides_a_tool_that_nobody_accepted_where_the_policy_says_so(
        string document, string entry, ToolStanding standing, bool isDenied)
    {
        var binding = Bind(Document($$"""  {{document}}"tools":{"t":{{entry}}}  """));

        var decision = Call(binding, "t", standing: standing);

        Assert.Equal(isDenied ? DecisionOutcome.Deny : DecisionOutcome.Allow, decision.Outcome);
        Assert.Equal(isDenied ? "(not accepted)" : "/tools/t", decision.Rule);
        Assert.Equal(!isDenied, PolicyEngine.IsListed(binding, ListKind.Tools, "t", standing));
    }

    [Theory]
    [InlineData("\"hide\":[\"t\"],\"tools\":{}", "(hidden)")]
    [InlineData("\"tools\":{}", "(default deny)")]
    [InlineData("\"tools\":{\"t\":{\"action\":\"deny\"}}", "(not accepted)")]
    [InlineData("\"tools\":{\"t\":{\"require\":[{\"path\":\"args.a\",\"op\":\"exists\"}]}}", "(not accepted)")]
    [InlineData("\"tools\":{\"t\":{\"arguments\":false}}", "(not accepted)")]
    public void Comes_after_hide_and_the_default_and_before_all_else(string members, string rule)
    {
        var binding = Bind(Document($"\"pin\":\"deny\",{members}"));
        var call = PolicyCall.OfTool("t", "{}"u8.ToArray()) with { Standing = ToolStanding.Unaccepted };

        Assert.Equal(rule, PolicyEngine.Decide(binding, call).Rule);
        var explained = PolicyExplainer.Explain(binding, call);
        Assert.Equal((rule, "deny"), (explained.Steps[^1].Rule, explained.Steps[^1].Outcome));
    }

    [Theory]
    [InlineData("\"pin\":\"warn\"", "{}")]
    [InlineData("\"pin\":\"warn\"", """{"limits":[{"counter":"c","window":"day","max":5,"increment_from":"args.v"}]}""")]
    [InlineData("\"pin\":\"deny\",\"mode\":\"shadow\"", "{}")]
    public void Records_what_it_would_deny_under_warn_and_in_shadow(string members, string entry)
    {
        var binding = Bind(Document($$"""{{members}},"tools":{"t":{{entry}}}"""));

        var decision = Call(binding, "t", """{"v":1}""", standing: ToolStanding.Unaccepted);

        Assert.Equal(DecisionOutcome.Allow, decision.Outcome);
        Assert.Equal("(not accepted)", decision.Shadow?.Rule);
        Assert.True(PolicyEngine.IsListed(binding, ListKind.Tools, "t", ToolStanding.Unaccepted));
        Assert.Null(Call(binding, "t", """{"v":1}""").Shadow);
    }

    [Theory]
    [InlineData("\"pin\":true", "/pin")]
    [InlineData("\"pin\":\"on\"", "/pin")]
    [InlineData("\"all_tools\":{\"pin\":\"deny\"}", "/all_tools/pin")]
    [InlineData("\"tools\":{\"t\":{\"pin\":null}}", "/tools/t/pin")]
    public void Refuses_a_document_that_says_it_wrongly(string members, string pointer)
    {
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes(Document(members)), "p.json");

        Assert.Null(loaded.Policy);
        Assert.Contains(loaded.Problems, problem => problem.Pointer == pointer);
    }
}
