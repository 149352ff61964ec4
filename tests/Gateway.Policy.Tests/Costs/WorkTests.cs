using Gateway.Policy.Expressions;
using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Costs;

public class WorkTests
{
    private static readonly string Many = $$"""{"v":[{{string.Join(',', Enumerable.Range(0, 50_000))}}]}""";

    private static readonly string Costly = $$"""
        "require":[ {{HostilePolicies.Many(100, """{"path":"args.v[*]","op":"gte","value":0}""")}} ]
        """;

    [Fact]
    public void Denies_a_call_that_takes_too_long_to_evaluate_and_says_so()
    {
        var decision = Evaluate($"{{{Costly}}}", Many);
        Assert.Equal(DecisionOutcome.Deny, decision.Outcome);
        Assert.StartsWith("/tools/t/require/", decision.Rule, StringComparison.Ordinal);
        Assert.StartsWith("The arguments are too large", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Denies_it_under_deny_if_and_not_too()
    {
        var condition = """{"not":{"path":"args.v[*]","op":"gte","value":0}}""";
        Assert.Equal(DecisionOutcome.Deny, Evaluate(
            $$"""{"deny_if":[ {{HostilePolicies.Many(100, condition)}} ]}""", Many).Outcome);
        Assert.Equal(DecisionOutcome.Allow, Evaluate(
            $$"""{"deny_if":[ {{HostilePolicies.Many(100, condition)}} ]}""", """{"v":[1]}""").Outcome);
    }

    [Fact]
    public void What_rules_in_shadow_cost_refuses_nothing()
    {
        var binding = Bind(Document($$"""
            "all_tools":{"deny_if":[{"path":"args.v[0]","op":"eq","value":1}]},
            "tools":{"t":{"mode":"shadow",{{Costly}} } }
            """));
        var decision = Call(binding, "t", Many);
        Assert.Equal(DecisionOutcome.Allow, decision.Outcome);
        Assert.Equal(DecisionOutcome.Deny, decision.Shadow?.Outcome);
    }

    [Theory]
    [InlineData("[0e1000000000000000000, 0]", false)]
    [InlineData("[0e1000000000000000000, -0.0e9999999999999999999]", false)]
    [InlineData("[1e1000000000000000000, 10e999999999999999999]", false)]
    [InlineData("[1e1000000000000000000]", false)]
    [InlineData("[1e2, 100.0]", false)]
    [InlineData("[0e1000000000000000000, 1e2, 1e3]", true)]
    public void Numbers_are_one_item_by_value_whatever_their_exponent(string items, bool isAllowed) => Assert.Equal(
        isAllowed ? DecisionOutcome.Allow : DecisionOutcome.Deny,
        Evaluate("""{"arguments":{"properties":{"v":{"uniqueItems":true}}}}""", $$"""{"v":{{items}}}""").Outcome);

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("[a-z\\]]+x?", 2)]
    [InlineData("(a|b)*a(a|b){10}c", 24)]
    [InlineData("(?:a{2,30}b){10,}", 310)]
    [InlineData("\\d{3}\\{", 4)]
    [InlineData("((((a{9}){9}){9}){9}){999}", RegexWeight.Max)]
    public void The_places_of_an_expression_are_those_of_its_repetitions_written_out(string pattern, int places) =>
        Assert.Equal(places, RegexWeight.Of(pattern));
}
