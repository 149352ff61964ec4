using Gateway.Policy;
using Gateway.Policy.Decisions;

namespace Gateway.Control.Tests.Snapshots;

public sealed class ClaimConditionTests
{
    private const string Claims = """
        { "groups": ["agents", "sales"], "dept": "Sales East", "level": 3, "realm": { "roles": ["admin"], "a/b": true } }
        """;

    [Theory]
    [InlineData("groups", "has", "\"agents\"", true)]
    [InlineData("groups", "has", "\"agent\"", false)]
    [InlineData("groups", "eq", "[\"agents\",\"sales\"]", true)]
    [InlineData("dept", "has", "\"Sales East\"", true)]
    [InlineData("dept", "has", "\"Sales\"", false)]
    [InlineData("dept", "has", "\"sales east\"", false)]
    [InlineData("dept", "eq", "\"Sales East\"", true)]
    [InlineData("dept", "neq", "\"Sales\"", true)]
    [InlineData("dept", "in", "[\"x\",\"Sales East\"]", true)]
    [InlineData("dept", "not_in", "[\"x\"]", true)]
    [InlineData("dept", "contains", "\"les E\"", true)]
    [InlineData("dept", "starts_with", "\"Sales\"", true)]
    [InlineData("dept", "ends_with", "\"Sales\"", false)]
    [InlineData("dept", "matches", "\"^Sales\"", true)]
    [InlineData("dept", "matches", "\"^Sales$\"", false)]
    [InlineData("groups", "matches", "\"agents\"", false)]
    [InlineData("none", "matches", "\".*\"", false)]
    [InlineData("level", "eq", "3.0", true)]
    [InlineData("level", "has", "\"3\"", false)]
    [InlineData("level", "contains", "\"3\"", false)]
    [InlineData("/realm/roles", "has", "\"admin\"", true)]
    [InlineData("/realm/a~1b", "eq", "true", true)]
    [InlineData("realm/roles", "has", "\"admin\"", false)]
    [InlineData("/groups/0", "eq", "\"agents\"", false)]
    [InlineData("dept", "exists", "true", true)]
    [InlineData("dept", "exists", "false", false)]
    [InlineData("none", "exists", "false", true)]
    [InlineData("none", "exists", "true", false)]
    [InlineData("groups", "neq", "\"contractors\"", false)]
    [InlineData("groups", "neq", "[\"contractors\"]", true)]
    [InlineData("groups", "not_in", "[\"contractors\",1]", false)]
    [InlineData("/realm/a~1b", "neq", "false", true)]
    [InlineData("none", "neq", "\"x\"", false)]
    [InlineData("none", "not_in", "[\"x\"]", false)]
    [InlineData("none", "has", "\"x\"", false)]
    public void Compares_whole_values_and_never_an_absent_one(string path, string op, string value, bool expected)
    {
        var condition = new ClaimCondition(path, op, JsonElement.Parse(value));

        Assert.Equal(expected, condition.Holds(JsonElement.Parse(Claims)));
    }

    [Theory]
    [InlineData("has", """["agents","agent",3,"3","sales"]""")]
    [InlineData("eq", """["agents",["agents","sales"],"Sales East",3,3.0,"3",true]""")]
    [InlineData("neq", """["agents","Sales East","Sales",3.0]""")]
    [InlineData("in", """[["agents","Sales East"],["Sales"],[3.0],[["agents","sales"]]]""")]
    [InlineData("not_in", """[["agents","Sales East"],["Sales"],[3.0]]""")]
    [InlineData("exists", "[true,false]")]
    public void Decides_as_a_policy_does_with_the_same_condition(string op, string values)
    {
        Assert.Contains(op, ClaimCondition.Exact);
        foreach (var claim in (string[])["groups", "dept", "level", "none"])
        {
            foreach (var value in JsonElement.Parse(values).EnumerateArray())
            {
                var selects = new ClaimCondition(claim, op, value).Holds(JsonElement.Parse(Claims));
                Assert.True(selects == Policy(claim, op, value), $"{claim} {op} {value.GetRawText()}: {selects}");
            }
        }
    }

    private static bool Policy(string claim, string op, JsonElement value)
    {
        var loaded = PolicyLoader.Load(Encoding.UTF8.GetBytes($$"""
            { "version": "1", "default": "deny", "tools": { "t": { "require": [
              { "path": "caller.claims.{{claim}}", "op": "{{op}}", "value": {{value.GetRawText()}} } ] } } }
            """), "policy");
        Assert.Empty(loaded.Problems);
        var caller = new Caller { Issuer = "corp", Subject = "ana", Claims = Encoding.UTF8.GetBytes(Claims) };
        var call = new PolicyCall(PolicySubject.Tool, "t", "{}"u8.ToArray()) { Caller = caller };
        return PolicyEngine.Decide(loaded.Policy!.Bind("agent", "crm"), call).Outcome == DecisionOutcome.Allow;
    }
}
