using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class SubjectEvaluatorTests
{
    private readonly PolicyBinding _denying = Bind(Document(""));
    private readonly PolicyBinding _allowing = Bind("""{"version":"1","default":"allow"}""");

    [Theory]
    [InlineData(PolicySubject.Opening)]
    [InlineData(PolicySubject.Allowed)]
    [InlineData(PolicySubject.List)]
    public void What_the_protocol_needs_is_allowed(PolicySubject subject)
    {
        var decision = About(_denying, subject);
        Assert.Equal((DecisionOutcome.Allow, "(protocol)"), (decision.Outcome, decision.Rule));
    }

    [Theory]
    [InlineData(PolicySubject.Task)]
    [InlineData(PolicySubject.Other)]
    [InlineData(PolicySubject.Resource)]
    [InlineData(PolicySubject.Template)]
    [InlineData(PolicySubject.Prompt)]
    [InlineData(PolicySubject.Tool)]
    public void The_default_of_the_document_decides_the_rest(PolicySubject subject)
    {
        var denied = About(_denying, subject, "file:///x");
        Assert.Equal((DecisionOutcome.Deny, "(default deny)"), (denied.Outcome, denied.Rule));
        Assert.NotEmpty(denied.Reason);
        var allowed = About(_allowing, subject, "file:///x");
        Assert.Equal((DecisionOutcome.Allow, "(default allow)"), (allowed.Outcome, allowed.Rule));
    }

    [Theory]
    [InlineData(PolicySubject.Tool)]
    [InlineData(PolicySubject.Resource)]
    [InlineData(PolicySubject.Template)]
    [InlineData(PolicySubject.Prompt)]
    public void What_names_nothing_is_denied_even_by_default_allow(PolicySubject subject) =>
        Assert.Equal("(unnamed)", About(_allowing, subject).Rule);

    [Fact]
    public void What_is_served_to_nobody_does_not_exist_under_any_policy()
    {
        foreach (var binding in new[] { _denying, _allowing, PolicyBinding.NoPolicy("g", "s") })
        {
            var decision = About(binding, PolicySubject.NotServed);
            Assert.True(decision.IsMethodNotFound);
            Assert.Equal(DecisionOutcome.Deny, decision.Outcome);
        }

        Assert.False(About(_denying, PolicySubject.Task).IsMethodNotFound);
    }

    [Fact]
    public void Without_a_policy_next_to_nothing_is_allowed()
    {
        var binding = PolicyBinding.NoPolicy("g", "s");
        Assert.False(binding.HasPolicy);
        PolicySubject[] rest = [.. Enum.GetValues<PolicySubject>()
            .Where(subject => About(binding, subject, "x").Rule == "(no policy)")];
        Assert.Equal(Enum.GetValues<PolicySubject>().Except(
            [PolicySubject.List, PolicySubject.Opening, PolicySubject.NotServed]), rest);
        Assert.All(
            [PolicySubject.List, PolicySubject.Opening],
            subject => Assert.Equal("(protocol)", About(binding, subject, "x").Rule));
    }

    [Fact]
    public void Without_a_policy_every_list_is_empty()
    {
        foreach (var kind in Enum.GetValues<ListKind>())
            Assert.False(PolicyEngine.IsListed(PolicyBinding.NoPolicy("g", "s"), kind, "x"));
    }

    [Theory]
    [InlineData("send_one", "(task)")]
    [InlineData("kept", "(hidden)")]
    [InlineData("remove", "/tools/remove/action")]
    [InlineData("other", "(default deny)")]
    public void A_task_is_evaluated_by_the_tool_that_created_it(string tool, string rule)
    {
        var decision = OfTask(tool, """
            "hide":["kept"],"tools":{"send_*":{"limits":[{"counter":"c","window":"day","max":1}],
              "results":{"redact":[{"known":"email"}]}},"remove":{"action":"deny"}}
            """);
        Assert.Equal(rule, decision.Rule);
        Assert.Empty(decision.Costs);
        Assert.Equal(rule == "(task)", decision.Results is not null);
    }

    [Fact]
    public void A_task_is_not_served_where_tasks_do_not_pass() => Assert.True(OfTask("t", """
        "extensions":["io.modelcontextprotocol/ui"],"tools":{"t":{}}
        """).IsMethodNotFound);

    private static PolicyDecision OfTask(string tool, string members) => PolicyEngine.Decide(
        Bind($$"""{"version":"1","default":"deny",{{members}}}"""),
        new PolicyCall(PolicySubject.Task, "id") { TaskTool = tool });
}
