using System.Buffers;
using Gateway.Mcp.Lists;

namespace Gateway.Mcp.Tests.Lists;

public class ListFilterTests
{
    [Theory]
    [InlineData(
        """{"result":{"tools":[{"name":"a"},{"name":"x"},{"name":"b"}]}}""",
        """{"result":{"tools":[{"name":"a"},{"name":"b"}]}}""")]
    [InlineData("""{"result":{"tools":[{"name":"x"}]}}""", """{"result":{"tools":[]}}""")]
    [InlineData("""{"result":{"prompts":[{"name":"x"},{"name":"a"}]}}""", """{"result":{"prompts":[{"name":"a"}]}}""")]
    [InlineData("""{"result":{"resources":[{"name":"a","uri":"x"}]}}""", """{"result":{"resources":[]}}""")]
    [InlineData(
        """{"result":{"resourceTemplates":[{"uriTemplate":"x"}]}}""",
        """{"result":{"resourceTemplates":[]}}""")]
    [InlineData("""[{"id":1},{"result":{"tools":[{"name":"x"}]}}]""", """[{"id":1},{"result":{"tools":[]}}]""")]
    [InlineData("""{"r\u0065sult":{"to\u006fls":[{"n\u0061me":"\u0078"}]}}""", """{"r\u0065sult":{"to\u006fls":[]}}""")]
    [InlineData("""{"Result":{"TOOLS":[{"Name":"x"}]}}""", """{"Result":{"TOOLS":[]}}""")]
    [InlineData("""{"result":{"tools":[{"name":"a","name":"x"}]}}""", """{"result":{"tools":[]}}""")]
    [InlineData("""{"result":{"tools":[{"name":"a","Name":"x"}]}}""", """{"result":{"tools":[]}}""")]
    [InlineData("""{"result":{"tools":[{"title":"a"},7,"a",null,[],{"name":7}]}}""", """{"result":{"tools":[]}}""")]
    [InlineData("""{"result":{"tools":[{"name":"a\ud800"}]}}""", """{"result":{"tools":[]}}""")]
    [InlineData("""{"result":{},"result":{"tools":[{"name":"x"}]}}""", """{"result":{},"result":{"tools":[]}}""")]
    public void Takes_out_what_is_not_listed(string message, string expected) =>
        Assert.Equal((ListFilterResult.Changed, expected), Filter(message));

    [Theory]
    [InlineData(
        """{"result":{"resources":[{"uri":"a"}]}}""", """{"result":{"resources":[{"uri":"a"},{"uri":"own"}]}}""")]
    [InlineData("""{"result":{"resources":[{"uri":"x"}]}}""", """{"result":{"resources":[{"uri":"own"}]}}""")]
    [InlineData("""{"result":{}}""", """{"result":{"resources":[{"uri":"own"}]}}""")]
    [InlineData("""{"result":{"_meta":{}}}""", """{"result":{"resources":[{"uri":"own"}],"_meta":{}}}""")]
    [InlineData("""{"id":1,"error":{"code":-32601,"message":"m"}}""", """{"id":1,"result":{"resources":[]}}""")]
    [InlineData(
        """{"result":{"resources":[],"cacheScope":"public"}}""",
        """{"result":{"resources":[{"uri":"own"}],"cacheScope":"private"}}""")]
    public void Adds_an_entry_of_the_gateways_own(string message, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(ListFilterResult.Changed, ListFilter.Apply(Encoding.UTF8.GetBytes(message), new Adding(), output));
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""{"result":{"capabilities":{}}}""", """{"result":{"capabilities":{"resources":{}}}}""")]
    [InlineData(
        """{"result":{"capabilities":{"tools":{}},"serverInfo":{}}}""",
        """{"result":{"capabilities":{"resources":{},"tools":{}},"serverInfo":{}}}""")]
    [InlineData("""{"result":{"capabilities":{"resources":{"subscribe":true}}}}""", null)]
    public void Says_that_there_are_resources_where_the_server_has_none(string message, string? expected)
    {
        var output = new ArrayBufferWriter<byte>();
        var result = ListFilter.Apply(Encoding.UTF8.GetBytes(message), new Opening(), output);
        Assert.Equal(
            (expected is null ? ListFilterResult.Unchanged : ListFilterResult.Changed, expected ?? ""),
            (result, Encoding.UTF8.GetString(output.WrittenSpan)));
    }

    [Fact]
    public void Another_error_stays_what_it_is() => Assert.Equal(
        ListFilterResult.Unchanged,
        ListFilter.Apply(
            """{"id":1,"error":{"code":-32603,"message":"m"}}"""u8, new Adding(), new ArrayBufferWriter<byte>()));

    [Fact]
    public void Leaves_order_unknown_members_meta_and_cursor_as_they_are()
    {
        const string Message = """
            { "jsonrpc" : "2.0", "id":1.0, "result" : { "_meta":{"k":[1,2]},
              "tools" : [ {"name":"b","inputSchema":{"é":"\u00e9"}} ,
              {"name":"x"}, {"name":"a" , "vendor":1e2} ],
              "ttlMs": 5 } , "own":true}
            """;
        const string Expected = """
            { "jsonrpc" : "2.0", "id":1.0, "result" : { "_meta":{"k":[1,2]},
              "tools" : [{"name":"b","inputSchema":{"é":"\u00e9"}},{"name":"a" , "vendor":1e2}],
              "ttlMs": 5 } , "own":true}
            """;
        Assert.Equal((ListFilterResult.Changed, Expected), Filter(Message));
    }

    [Theory]
    [InlineData(
        """{"result":{"cacheScope":"public","tools":[{"name":"a"}]}}""",
        """{"result":{"cacheScope":"private","tools":[{"name":"a"}]}}""")]
    [InlineData(
        """{"result":{"tools":[{"name":"x"}],"cacheScope":"public"}}""",
        """{"result":{"tools":[],"cacheScope":"private"}}""")]
    public void A_list_is_private_to_the_grant_that_asked(string message, string expected) =>
        Assert.Equal((ListFilterResult.Changed, expected), Filter(message));

    [Theory]
    [InlineData("""{"result":{"tools":[{"name":"a"},{"name":"b"}],"cacheScope":"private"}}""")]
    [InlineData("""{"result":{"content":[],"cacheScope":"public"}}""")]
    [InlineData("""{"params":{"tools":[{"name":"x"}]}}""")]
    [InlineData("""{"result":{"structuredContent":{"tools":[{"name":"x"}]}}}""")]
    [InlineData("""{"result":{"tools":null}}""")]
    [InlineData("""{"error":{"code":1}}""")]
    [InlineData("7")]
    [InlineData(" [ ] ")]
    public void Passes_what_needs_no_change(string message) =>
        Assert.Equal(ListFilterResult.Unchanged, Filter(message).Result);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"result":{"tools":[{"name":"a"}]}""")]
    [InlineData("""{"result":{}} {"result":{"tools":[{"name":"x"}]}}""")]
    [InlineData("""{"result":{"tools":{"x":{}}}}""")]
    [InlineData("""{"result":{"tools":"x"}}""")]
    [InlineData("""{"result":{"tools":[{"name":"a",}]}}""")]
    [InlineData("endpoint")]
    public void Reports_an_unreadable_message(string message) =>
        Assert.Equal(ListFilterResult.Unreadable, Filter(message).Result);

    [Fact]
    public void Reports_invalid_utf8_as_unreadable()
    {
        byte[] message = [.. """{"result":{"tools":[{"name":" """u8, 0xFF, .. "\"}]}}"u8];
        var result = ListFilter.Apply(message, new HidingListFilter("x"), new ArrayBufferWriter<byte>());
        Assert.Equal(ListFilterResult.Unreadable, result);
    }

    private static (ListFilterResult Result, string Text) Filter(string message)
    {
        var output = new ArrayBufferWriter<byte>();
        var result = ListFilter.Apply(Encoding.UTF8.GetBytes(message), new HidingListFilter("x"), output);
        return (result, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private sealed class Adding : IListFilter
    {
        public ReadOnlyMemory<byte> WithoutMethod { get; } = """{"resources":[]}"""u8.ToArray();

        public bool IsListed(McpListKind kind, string name) => name != "x";

        public ReadOnlyMemory<byte> Added(McpListKind kind) => """{"uri":"own"}"""u8.ToArray();
    }

    private sealed class Opening : IListFilter
    {
        public bool AddsResources => true;

        public bool IsListed(McpListKind kind, string name) => true;
    }
}
