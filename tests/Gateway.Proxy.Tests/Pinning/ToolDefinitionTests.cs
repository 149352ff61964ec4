using Gateway.Proxy.Pinning;

namespace Gateway.Proxy.Tests.Pinning;

public sealed class ToolDefinitionTests
{
    private const string Plain = """
        {"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{} } },
         "annotations":{"readOnlyHint":false,"destructiveHint":true},"title":"Pay","_meta":{"v":1} }
        """;

    private static ToolDefinition Base => ToolDefinition.Read(Plain)!;

    [Theory]
    // The order of members, white space, escapes and the way to write a number say nothing.
    [InlineData("""{"_meta":{"v":1.0},"title":"P\u0061y","annotations":{"destructiveHint":true,"readOnlyHint":false},"inputSchema":{"properties":{"b":{},"a":{"minimum":1e0}},"type":"object"},"description":"Pays.","name":"pay"}""", "")]
    [InlineData("""{"name":"pay","description":"Pays!","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{}}},"annotations":{"readOnlyHint":false,"destructiveHint":true},"title":"Pay","_meta":{"v":1}}""", "contract")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":2},"b":{}}},"annotations":{"readOnlyHint":false,"destructiveHint":true},"title":"Pay","_meta":{"v":1}}""", "contract")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1,"x-mcp-header":"X"},"b":{}}},"annotations":{"readOnlyHint":false,"destructiveHint":true},"title":"Pay","_meta":{"v":1}}""", "contract")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{}}},"outputSchema":{},"annotations":{"readOnlyHint":false,"destructiveHint":true},"title":"Pay","_meta":{"v":1}}""", "contract")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{}}},"annotations":{"readOnlyHint":true,"destructiveHint":true},"title":"Pay","_meta":{"v":1}}""", "hints")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{}}},"title":"Pay","_meta":{"v":1}}""", "hints")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{}}},"annotations":{"readOnlyHint":false,"destructiveHint":true},"title":"Give","_meta":{"v":1}}""", "display")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{}}},"annotations":{"readOnlyHint":false,"destructiveHint":true,"title":"x"},"title":"Pay","_meta":{"v":1}}""", "display")]
    [InlineData("""{"name":"pay","description":"Pays.","inputSchema":{"type":"object","properties":{"a":{"minimum":1},"b":{}}},"annotations":{"readOnlyHint":false,"destructiveHint":true},"title":"Pay","_meta":{"v":1},"icons":[]}""", "display")]
    public void Reports_the_part_that_differs(string json, string changed)
    {
        var now = ToolDefinition.Read(json)!;

        var parts = new List<string>();
        if (now.Contract != Base.Contract) parts.Add("contract");
        if (now.Hints != Base.Hints) parts.Add("hints");
        if (now.Display != Base.Display) parts.Add("display");
        Assert.Equal(changed, string.Join(',', parts));
    }

    [Theory]
    [InlineData("""{"name":"a","description":"b|c"}""", """{"name":"a|b","description":"c"}""")]
    [InlineData("""{"name":"a","description":""}""", """{"name":"a"}""")]
    [InlineData("""{"name":"a","inputSchema":{}}""", """{"name":"a","outputSchema":{}}""")]
    [InlineData("""{"name":"a","description":"n\"outputSchema\":{}"}""", """{"name":"a","description":"n","outputSchema":{}}""")]
    public void Joins_parts_so_that_no_two_definitions_are_one(string one, string other) =>
        Assert.NotEqual(ToolDefinition.Read(one)!.Contract, ToolDefinition.Read(other)!.Contract);

    [Theory]
    [InlineData("""{"readOnlyHint":true,"destructiveHint":true}""", true)]
    [InlineData("""{"readOnlyHint":false,"destructiveHint":false}""", true)]
    [InlineData("""{"readOnlyHint":false}""", true)]
    [InlineData("""{"destructiveHint":true}""", true)]
    [InlineData("""{}""", true)]
    [InlineData("""{"readOnlyHint":false,"destructiveHint":true,"openWorldHint":true}""", false)]
    [InlineData("""{"readOnlyHint":false,"destructiveHint":true,"openWorldHint":false}""", true)]
    [InlineData("""{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":false}""", false)]
    public void Detects_a_hint_that_became_safer_and_a_withdrawn_warning(string annotations, bool isSafer) =>
        Assert.Equal(isSafer, ToolDefinition.Read($$"""{"name":"pay","annotations":{{annotations}}}""")!
            .IsSaferThan(Base.Safety));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":5}""")]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("""{"name":"a","inputSchema":{"x":1,"x":2}}""")]
    [InlineData("""{"name":"a","description":"\ud800"}""")]
    public void Reads_nothing_that_has_more_than_one_meaning(string json) => Assert.Null(ToolDefinition.Read(json));

    [Fact]
    public void Reads_nothing_that_is_too_deep() => Assert.Null(ToolDefinition.Read(
        $$"""{"name":"a","inputSchema":{{string.Concat(Enumerable.Repeat("[", 5000))}}{{new string(']', 5000)}}}"""));
}
