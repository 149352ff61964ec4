using Gateway.Mcp.Protocol;

namespace Gateway.Mcp.Tests.Reading;

public class McpReaderTests
{
    [Fact]
    public void Reads_a_tool_call_and_slices_its_parts_out_of_the_body()
    {
        var message = Accept("""
            {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"send","arguments":{"to":"x","n":1},
             "_meta":{"progressToken":"p1","io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
            """);

        Assert.Equal(McpMessageKind.Request, message.Kind);
        Assert.Same(McpMethods.ToolsCall, message.Method);
        Assert.Equal(McpSubject.Tool, message.Subject);
        Assert.Equal("send", message.Name);
        Assert.Equal("7", Text(message.Id));
        Assert.Equal("""{"to":"x","n":1}""", Text(message.Arguments));
        Assert.Equal("\"p1\"", Text(message.ProgressToken));
        Assert.Equal("2026-07-28", message.MetaProtocolVersion);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("-0")]
    [InlineData("\"1\"")]
    [InlineData("\"\\u0041\"")]
    [InlineData("\"\"")]
    [InlineData("92233720368547758089223372036854775808")]
    public void Keeps_the_id_byte_for_byte(string id) =>
        Assert.Equal(id, Text(Accept($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""").Id));

    [Theory]
    [InlineData("""{"method":"prompts/get","params":{"name":"p","arguments":{}}}""", McpSubject.Prompt, "p")]
    [InlineData("""{"method":"resources/read","params":{"uri":"file:///a"}}""", McpSubject.Resource, "file:///a")]
    [InlineData("""{"method":"resources/subscribe","params":{"uri":"u"}}""", McpSubject.Resource, "u")]
    [InlineData("""{"method":"resources/unsubscribe","params":{"uri":"u"}}""", McpSubject.Resource, "u")]
    [InlineData("""{"method":"tasks/get","params":{"taskId":"t"}}""", McpSubject.Task, "t")]
    [InlineData("""{"method":"tasks/cancel","params":{"taskId":"t"}}""", McpSubject.Task, "t")]
    [InlineData(
        """{"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"p"}}}""",
        McpSubject.Prompt,
        "p")]
    [InlineData(
        """{"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"u"}}}""",
        McpSubject.Resource,
        "u")]
    [InlineData("""{"method":"tools/list","params":{"name":"x"}}""", McpSubject.None, null)]
    [InlineData("""{"method":"vendor/own","params":{"Name":"x","URI":1}}""", McpSubject.None, null)]
    [InlineData("""{"method":"tools\/call","params":{"na\u006de":"\u0074ool"}}""", McpSubject.Tool, "tool")]
    public void Names_what_the_method_acts_on(string json, McpSubject subject, string? name)
    {
        var message = Accept("{\"jsonrpc\":\"2.0\",\"id\":1," + json[1..]);

        Assert.Equal(subject, message.Subject);
        Assert.Equal(name, message.Name);
    }

    [Theory]
    [InlineData("""{"name":"a","arguments":null}""")]
    [InlineData("""{"name":"a","arguments":null,"_meta":null}""")]
    public void Null_arguments_and_meta_count_as_absent(string parameters)
    {
        var body = Encoding.UTF8.GetBytes(
            $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{parameters}}}""");

        var read = McpReader.Read(body, McpReadBounds.Default);

        Assert.Null(read.Fault);
        Assert.Equal("a", read.Message!.Name);
        Assert.True(read.Message.Arguments.IsEmpty);
        Assert.Equal(body, read.Message.Body.ToArray());
    }

    [Fact]
    public void Reads_the_resources_of_a_listen()
    {
        var message = Accept("""
            {"jsonrpc":"2.0","id":1,"method":"subscriptions/listen",
             "params":{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:b","c:d"]}}}
            """);

        Assert.Equal(["a:b", "c:d"], message.ListenUris.AsEnumerable());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"vendor/event"}""")]
    public void Takes_a_method_without_an_id_for_a_notification(string json) =>
        Assert.Equal(McpMessageKind.Notification, Accept(json).Kind);

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"a","error":{"code":-1,"message":"no"}}""")]
    public void Takes_a_result_or_an_error_for_a_response(string json) =>
        Assert.Equal(McpMessageKind.Response, Accept(json).Kind);

    [Fact]
    public void Accepts_the_deepest_nesting_and_refuses_one_more()
    {
        Accept(Nested(64));
        Assert.Contains("64 levels", Refuse(Nested(65)).Message, StringComparison.Ordinal);

        static string Nested(int depth) =>
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"a\":"
            + new string('[', depth - 2) + new string(']', depth - 2) + "}}";
    }

    [Fact]
    public void Finds_a_duplicate_in_an_object_of_a_hundred_thousand_members()
    {
        var members = string.Join(',', Enumerable.Range(0, 100_000).Select(i => $"\"k{i}\":{i}"));
        Accept(Call($"{{{members}}}"));
        Assert.Contains("twice", Refuse(Call($"{{{members},\"k77\":0}}")).Message, StringComparison.Ordinal);

        static string Call(string arguments) =>
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":""" + arguments + "}}";
    }

    [Fact]
    public void Refuses_a_body_over_the_bound_with_413()
    {
        var fault = McpReader.Read(new byte[11], new McpReadBounds { BodyBytesMax = 10 }).Fault!;
        Assert.Equal(413, fault.HttpStatus);
    }

    [Fact]
    public void Allocates_little_more_than_the_message_for_a_call()
    {
        var body = Encoding.UTF8.GetBytes("""
            {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"send","arguments":{"to":"x","n":1}}}
            """);
        for (var i = 0; i < 100; i++)
            McpReader.Read(body, McpReadBounds.Default);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            McpReader.Read(body, McpReadBounds.Default);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        Assert.InRange(each, 1, 320);
    }

    internal static McpMessage Accept(string json)
    {
        var result = McpReader.Read(Encoding.UTF8.GetBytes(json), McpReadBounds.Default);
        Assert.True(result.IsMessage, result.Fault?.Message);
        return result.Message!;
    }

    internal static McpFault Refuse(string json)
    {
        var result = McpReader.Read(Encoding.UTF8.GetBytes(json), McpReadBounds.Default);
        Assert.False(result.IsMessage, json);
        return result.Fault!;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
