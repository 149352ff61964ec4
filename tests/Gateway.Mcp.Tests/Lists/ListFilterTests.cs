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
    public void Says_what_it_cannot_judge(string message) =>
        Assert.Equal(ListFilterResult.Unreadable, Filter(message).Result);

    [Fact]
    public void Says_that_it_cannot_judge_invalid_utf8()
    {
        byte[] message = [.. """{"result":{"tools":[{"name":" """u8, 0xFF, .. "\"}]}}"u8];
        var result = ListFilter.Apply(message, new SetJudge("x"), new ArrayBufferWriter<byte>());
        Assert.Equal(ListFilterResult.Unreadable, result);
    }

    private static (ListFilterResult Result, string Text) Filter(string message)
    {
        var output = new ArrayBufferWriter<byte>();
        var result = ListFilter.Apply(Encoding.UTF8.GetBytes(message), new SetJudge("x"), output);
        return (result, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
