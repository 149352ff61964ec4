using Gateway.Control.Virtual;

namespace Gateway.Control.Tests.Virtual;

public sealed class VirtualToolsReaderTests
{
    [Theory]
    [InlineData("[]", "", "must be an object")]
    [InlineData("""{"erp":{}}""", "/erp", "reaches no server")]
    [InlineData("""{"crm":{"a b":{"tool":"x"}}}""", "/crm/a b", "a tool's name must have")]
    [InlineData("""{"crm":{"a":{}}}""", "/crm/a", "\"tool\" is missing")]
    [InlineData("""{"crm":{"a":{"tool":7}}}""", "/crm/a/tool", "must be a string")]
    [InlineData("""{"crm":{"a":{"tool":"x","fixed":{}}}}""", "/crm/a/fixed", "a virtual tool has only")]
    [InlineData("""{"crm":{"a":{"tool":"x","fix":[1]}}}""", "/crm/a/fix", "must be an object")]
    [InlineData("""{"crm":{"a":{"tool":"x","fix":{"y":1},"default":{"y":2}}}}""", "/crm/a/default/y", "cannot have a default")]
    [InlineData("""{"crm":{"a":{"tool":"x","schema":{"type":"strng"}}}}""", "/crm/a/schema", "")]
    [InlineData("""{"crm":{"a":{"tool":"x","schema":{"pattern":"(a"}}}}""", "/crm/a/schema", "")]
    [InlineData("""{"crm":{"a":{"tool":"x"},"a":{"tool":"y"}}}""", "", "cannot be read")]
    public void What_is_wrong_is_named_with_its_place(string json, string place, string message)
    {
        var problems = new List<(string Place, string Message)>();
        new VirtualToolsReader("bot", (at, what) => problems.Add((at, what))).Read(json, ["crm"]);
        Assert.Contains(problems, one =>
            one.Place == place && one.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("crm", "create_refund", true)]
    [InlineData("crm", "refund", true)]
    [InlineData("crm", "Create_Refund", true)]
    [InlineData("crm", "create_refund ", true)]
    [InlineData("crm", "сreate_refund", true)]
    [InlineData("crm", "create\u200b_refund", true)]
    [InlineData("crm", "REFUND", true)]
    [InlineData("crm", "create_refunds", false)]
    [InlineData("erp", "Create_Refund", false)]
    public void A_name_that_looks_like_a_covered_one_is_covered(string server, string name, bool expected) =>
        Assert.Equal(expected, Read("""{"crm":{"refund":{"tool":"create_refund"}}}""")!.MayCover(server, name));

    [Fact]
    public void A_definition_is_shown_with_what_was_changed_and_all_else_as_it_was()
    {
        var tools = Read("""
            {"crm":{"refund":{"tool":"create_refund","description":"In euros.","fix":{"currency":"EUR"},"default":{"n":1}}}}
            """)!;
        var shown = tools.Find("crm", "refund")!.Shown("""
            {"name":"create_refund","title":"T","description":"Any.","x":12345678901234567890.10,"inputSchema":{"type":"object",
            "properties":{"currency":{},"n":{},"amount":{"type":"number"}},"required":["currency","n","amount"]}}
            """u8);
        Assert.Equal(
            """{"name":"refund","title":"T","description":"In euros.","x":12345678901234567890.10,"inputSchema":{"type":"object","properties":{"n":{},"amount":{"type":"number"}},"required":["amount"]}}""",
            Encoding.UTF8.GetString(shown!));
        Assert.True(tools.Covers("crm", "create_refund"));
        Assert.True(tools.Covers("crm", "refund"));
        Assert.False(tools.Covers("erp", "create_refund"));
    }

    [Theory]
    [InlineData("""{"name":"a","name":"b"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_definition_with_more_than_one_meaning_is_not_shown(string definition) =>
        Assert.Null(Read("""{"crm":{"a":{"tool":"x"}}}""")!.Find("crm", "a")!.Shown(Encoding.UTF8.GetBytes(definition)));

    [Fact]
    public void An_empty_object_is_none() => Assert.Null(Read("{}"));

    private static VirtualTools? Read(string json) => new VirtualToolsReader(
        "bot", static (at, what) => Assert.Fail($"{at}: {what}")).Read(json, ["crm"]);
}
