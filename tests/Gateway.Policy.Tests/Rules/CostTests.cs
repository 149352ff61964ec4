using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Rules;

public class CostTests
{
    private static string Limits(string limit) =>
        Document("\"tools\":{\"t\":{\"limits\":[" + limit + ",{\"counter\":\"n\",\"window\":\"day\",\"max\":9}]}}");

    [Fact]
    public void A_session_limit_is_counted_for_the_session_or_else_for_the_grant()
    {
        var binding = Bind(Limits("""{"counter":"c","window":60,"max":5,"scope":"session"}"""), "claude", "afip");
        Assert.Equal("claude@afip/c/session/fixed/60s/0", Call(binding, "t").LimitCosts[0].Key.Text);
        Assert.Equal(
            "abc@claude@afip/c/session/fixed/60s/0", Call(binding, "t", session: "abc").LimitCosts[0].Key.Text);
    }

    [Fact]
    public void A_server_limit_is_one_counter_for_all_grants()
    {
        var loaded = Load(Limits("""{"counter":"c","window":60,"max":5,"scope":"server"}""")).Policy!;
        Assert.Equal(
            Call(loaded.Bind("one", "s"), "t").LimitCosts[0].Key,
            Call(loaded.Bind("two", "s"), "t").LimitCosts[0].Key);
        Assert.NotEqual(
            Call(loaded.Bind("one", "s"), "t").LimitCosts[1].Key,
            Call(loaded.Bind("two", "s"), "t").LimitCosts[1].Key);
    }

    [Fact]
    public void An_increment_is_the_cost()
    {
        var binding = Bind(Limits("""{"counter":"c","window":60,"max":"5.5","increment":"0.25"}"""));
        Assert.Equal("0.25", Call(binding, "t").LimitCosts[0].Cost.ToString());
    }

    [Fact]
    public void A_decision_with_fixed_costs_allocates_nothing()
    {
        var binding = Bind(Limits("""{"counter":"c","window":60,"max":5}"""));
        var call = new PolicyCall(PolicySubject.Tool, "t", "{\"a\":1}"u8.ToArray(), "session");
        var first = PolicyEngine.Decide(binding, call);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = true;
        for (var i = 0; i < 1000; i++)
            same &= ReferenceEquals(first, PolicyEngine.Decide(binding, call));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(same);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("33.34", "33.34")]
    [InlineData("\"33.34\"", "33.34")]
    [InlineData("0", "0")]
    [InlineData("1e2", "100")]
    [InlineData("0.99", "0.99")]
    public void An_argument_is_counted_exactly(string amount, string cost)
    {
        var decision = Spend("{\"order\":{\"amount\":" + amount + "}}");
        Assert.Equal((DecisionOutcome.Allow, cost), (decision.Outcome, decision.LimitCosts[0].Cost.ToString()));
        Assert.True(decision.LimitCosts[0].RefundOnError);
        Assert.False(decision.LimitCosts[1].RefundOnError);
    }

    [Theory]
    [InlineData("{}", "is missing")]
    [InlineData("{\"order\":[1]}", "is missing")]
    [InlineData("{\"order\":{\"amount\":null}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":true}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":[1]}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":\"\"}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":\"ten\"}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":\"0123\"}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":\"1,000\"}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":\"0x10\"}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":\"\u0661\"}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":\" 1\"}}", "is not a number")]
    [InlineData("{\"order\":{\"amount\":-5}}", "is negative")]
    [InlineData("{\"order\":{\"amount\":\"-0.01\"}}", "is negative")]
    [InlineData("{\"order\":{\"amount\":1e300}}", "has too many digits")]
    [InlineData("{\"order\":{\"amount\":0.1234567891}}", "has too many digits")]
    [InlineData("{\"order\":{\"amount\":\"1234567890123456789\"}}", "has too many digits")]
    public void What_cannot_be_counted_exactly_is_denied(string arguments, string why)
    {
        var decision = Spend(arguments);
        Assert.Equal(
            (DecisionOutcome.Deny, "/tools/t/limits/0/increment_from"), (decision.Outcome, decision.Rule));
        Assert.StartsWith($"args.order.amount {why}, so the limit on spent", decision.Reason);
        Assert.Empty(decision.Costs);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("{\"order\":{\"amount\":1,\"amount\":2}}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    public void Arguments_with_no_single_meaning_are_denied(string arguments) =>
        Assert.Equal("(unreadable arguments)", Spend(arguments).Rule);

    private static PolicyDecision Spend(string arguments) => Call(
        Bind(Limits("""{"counter":"spent","window":"day","max":"2500.00","increment_from":"args.order.amount"}""")),
        "t", arguments);
}
