using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class MethodTests
{
    private readonly PolicyBinding _denying = Bind(Document(""));
    private readonly PolicyBinding _allowing = Bind("""{"version":"1","default":"allow"}""");

    [Theory]
    [InlineData("initialize")]
    [InlineData("server/discover")]
    [InlineData("ping")]
    [InlineData("logging/setLevel")]
    [InlineData("notifications/initialized")]
    [InlineData("notifications/cancelled")]
    [InlineData("notifications/anything/at/all")]
    [InlineData("tools/list")]
    [InlineData("prompts/list")]
    [InlineData("resources/list")]
    [InlineData("resources/templates/list")]
    [InlineData("subscriptions/listen")]
    public void What_the_protocol_needs_is_allowed(string method)
    {
        var decision = Method(_denying, method);
        Assert.Equal((DecisionOutcome.Allow, "(protocol)"), (decision.Outcome, decision.Rule));
    }

    [Theory]
    [InlineData("tasks/get", "1")]
    [InlineData("tasks/cancel", "1")]
    [InlineData("tasks/result", "1")]
    [InlineData("sampling/createMessage", null)]
    [InlineData("Tools/call", "t")]
    [InlineData("notifications", null)]
    [InlineData("", null)]
    [InlineData("resources/read", "file:///x")]
    [InlineData("resources/subscribe", "file:///x")]
    [InlineData("resources/unsubscribe", "file:///x")]
    [InlineData("subscriptions/listen", "file:///x")]
    [InlineData("prompts/get", "p")]
    [InlineData("tools/call", "t")]
    public void The_default_of_the_document_judges_the_rest(string method, string? name)
    {
        var denied = Method(_denying, method, name);
        Assert.Equal((DecisionOutcome.Deny, "(default deny)"), (denied.Outcome, denied.Rule));
        Assert.NotEmpty(denied.Reason);
        var allowed = Method(_allowing, method, name);
        Assert.Equal((DecisionOutcome.Allow, "(default allow)"), (allowed.Outcome, allowed.Rule));
    }

    [Theory]
    [InlineData("tools/call")]
    [InlineData("resources/read")]
    [InlineData("resources/subscribe")]
    [InlineData("resources/unsubscribe")]
    [InlineData("prompts/get")]
    [InlineData("completion/complete")]
    public void What_names_nothing_is_denied_even_by_default_allow(string method) =>
        Assert.Equal("(unnamed)", Method(_allowing, method).Rule);

    [Fact]
    public void The_list_of_tasks_does_not_exist_under_any_policy()
    {
        foreach (var binding in new[] { _denying, _allowing, PolicyBinding.NoPolicy("g", "s") })
        {
            var decision = Method(binding, "tasks/list");
            Assert.True(decision.IsMethodNotFound);
            Assert.Equal(DecisionOutcome.Deny, decision.Outcome);
        }

        Assert.False(Method(_denying, "tasks/get").IsMethodNotFound);
    }

    [Theory]
    [InlineData("initialize", true)]
    [InlineData("notifications/initialized", true)]
    [InlineData("server/discover", true)]
    [InlineData("ping", true)]
    [InlineData("tools/list", true)]
    [InlineData("prompts/list", true)]
    [InlineData("resources/list", true)]
    [InlineData("resources/templates/list", true)]
    [InlineData("notifications/cancelled", false)]
    [InlineData("logging/setLevel", false)]
    [InlineData("tools/call", false)]
    [InlineData("resources/read", false)]
    [InlineData("subscriptions/listen", false)]
    [InlineData("unknown", false)]
    public void Without_a_policy_next_to_nothing_is_allowed(string method, bool allowed)
    {
        var binding = PolicyBinding.NoPolicy("g", "s");
        var decision = Method(binding, method, "x");
        Assert.Equal(allowed ? "(protocol)" : "(no policy)", decision.Rule);
        Assert.False(binding.HasPolicy);
    }

    [Fact]
    public void Without_a_policy_every_list_is_empty()
    {
        foreach (var kind in Enum.GetValues<ListKind>())
            Assert.False(PolicyEngine.IsListed(PolicyBinding.NoPolicy("g", "s"), kind, "x"));
    }
}
