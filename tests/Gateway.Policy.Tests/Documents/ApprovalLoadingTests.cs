using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class ApprovalLoadingTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("6")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("2e0")]
    [InlineData("99999999999999999999")]
    [InlineData("\"2\"")]
    [InlineData("null")]
    public void Refuses_a_number_of_people_that_none_can_be(string written) => MemberTests.AssertOneOf(
        Document("\"tools\":{\"a\":{\"action\":\"approve\",\"approval\":{\"approvals\":" + written + "}}}"),
        1, 90, "/tools/a/approval/approvals", "(the number of people who must approve) must be a whole number from 1 "
            + "to 5");

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{\"approvals\":1}", 1)]
    [InlineData("{\"approvals\":5}", 5)]
    public void Reads_how_many_people_must_approve(string written, int people)
    {
        var decision = Evaluate($$"""
            {"action":"approve","approval":{{written}}}
            """);

        Assert.Equal(people, decision.Approval!.Approvals);
    }

    [Theory]
    [InlineData("\"approver\"")]
    [InlineData("[\"grantor\"]")]
    [InlineData("true")]
    public void Refuses_to_bar_whom_it_does_not_know(string written) => MemberTests.AssertOneOf(
        Document("\"tools\":{\"a\":{\"action\":\"approve\",\"approval\":{\"not\":" + written + "}}}"),
        1, 84, "/tools/a/approval/not",
        "must be \"grantor\" (who authorized the agent's client) or \"caller\" (who makes the call)");

    [Theory]
    [InlineData("{}", false, false)]
    [InlineData("{\"not\":\"grantor\"}", true, false)]
    [InlineData("{\"not\":\"caller\"}", false, true)]
    public void Reads_who_may_not_approve(string written, bool isGrantor, bool isCaller)
    {
        var decision = Evaluate($$"""
            {"action":"approve","approval":{{written}}}
            """);

        Assert.Equal(
            (isGrantor, isCaller), (decision.Approval!.IsBarredToGrantor, decision.Approval.IsBarredToCaller));
    }

    [Theory]
    [InlineData("true", "", "must be an object")]
    [InlineData("{}", "", "\"after\" is missing")]
    [InlineData("""{"after":"5m"}""", "", "\"to\" is missing")]
    [InlineData("""{"after":"15m","to":"duty"}""", "/after", "less than the 900 s")]
    [InlineData("""{"after":"0s","to":"duty"}""", "/after", "a length from 1 s")]
    [InlineData("""{"after":"5m","to":7}""", "/to", "must be a string")]
    [InlineData("""{"after":"5m","to":"a b"}""", "/to", "the name of a channel")]
    [InlineData("""{"after":"5m","to":"duty","at":1}""", "/at", "has no member \"at\"")]
    public void Refuses_to_escalate_never_or_to_nobody(string written, string pointer, string message)
    {
        var loaded = Load(Document(
            "\"tools\":{\"a\":{\"action\":\"approve\",\"approval\":{\"escalate\":" + written + "}}}"));

        Assert.Null(loaded.Policy);
        Assert.Contains(loaded.Problems, problem => problem.Pointer == $"/tools/a/approval/escalate{pointer}"
            && problem.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Reads_the_escalation_channel()
    {
        var decision = Evaluate("""
            {"action":"approve","approval":{"escalate":{"after":"5m","to":"duty"}}}
            """);

        Assert.Equal(new ApprovalEscalation(TimeSpan.FromMinutes(5), "duty"), decision.Approval!.Escalation);
    }

    [Theory]
    [InlineData("""{"reason":"x","action":"approve"}""", "{}", true)]
    [InlineData("""{ "action" : "approve", "reason":"x"}""", "{}", true)]
    [InlineData("""{"action":"approve","reason":"y"}""", "{}", false)]
    [InlineData("""{"action":"approve","reason":"x","rounds":3}""", "{}", false)]
    [InlineData("""{"action":"approve","reason":"x"}""", """{"require":[{"path":"args.a","op":"exists"}]}""", false)]
    public void An_approval_rule_is_identified_by_its_content(string entry, string allTools, bool isSame)
    {
        var before = RuleOf("""{"action":"approve","reason":"x"}""", "{}");

        Assert.NotNull(before);
        Assert.Equal(isSame, before == RuleOf(entry, allTools));
        Assert.Null(RuleOf("{}", "{}"));
    }

    private static string? RuleOf(string entry, string allTools) => PolicyEngine.RuleSha256(
        Bind(Document($"\"all_tools\":{allTools},\"tools\":{{\"b\":{{}},\"a\":{entry}}}")), "a");
}
