using Gateway.Limits.Model;
using Gateway.Policy;
using Gateway.Policy.Decisions;

namespace Gateway.Server.Tests.Demo;

public sealed class DemoPolicyTests
{
    [Fact]
    public void Loads_without_a_problem_and_caps_one_tool_at_ten_a_minute()
    {
        var binding = Load().Bind(DemoFolder.GrantName, DemoFolder.ServerName);

        var decision = PolicyEngine.Decide(binding, Call(DemoAgent.LimitedTool));

        Assert.Equal(DecisionOutcome.Allow, decision.Outcome);
        var cost = Assert.Single(decision.Costs);
        Assert.Equal(Amount.FromUnits(10), cost.Cost.Max);
        Assert.Equal(60, cost.Window.Seconds);
    }

    [Theory]
    [InlineData(DemoAgent.DeniedTool)]
    [InlineData("a_tool_that_nobody_named")]
    public void Denies_when_a_tool_is_not_for_agents_or_not_named(string tool)
    {
        var binding = Load().Bind(DemoFolder.GrantName, DemoFolder.ServerName);

        Assert.Equal(DecisionOutcome.Deny, PolicyEngine.Decide(binding, Call(tool)).Outcome);
        Assert.False(PolicyEngine.IsListed(binding, ListKind.Tools, tool));
    }

    private static CompiledPolicy Load()
    {
        using var copy = new MemoryStream();
        using (var policy = DemoFolder.OpenPolicy()) policy.CopyTo(copy);
        var result = PolicyLoader.Load(copy.ToArray(), "policy.json");
        Assert.Empty(result.Problems);
        return result.Policy!;
    }

    private static PolicyCall Call(string tool) => new(PolicySubject.Tool, tool, "{}"u8.ToArray(), null);
}
