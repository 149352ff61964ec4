namespace Gateway.Mcp.Tests.Reading;

public class McpReaderRefusalTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":""";

    private const string Complete = """{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":""";

    private const string Listen = """{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":""";

    public static TheoryData<string, int> Envelopes => new()
    {
        { "", -32700 },
        { "   ", -32700 },
        { "null", -32600 },
        { "\"x\"", -32600 },
        { "7", -32600 },
        { "{", -32700 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping"} x""", -32700 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping"}{}""", -32700 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping",}""", -32700 },
        { """{"jsonrpc":"2.0","id":1,/*c*/"method":"ping"}""", -32700 },
        { "[]", -32600 },
        { """[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", -32600 },
        { "{}", -32600 },
        { """{"id":1,"method":"ping"}""", -32600 },
        { """{"jsonrpc":"1.0","id":1,"method":"ping"}""", -32600 },
        { """{"jsonrpc":2.0,"id":1,"method":"ping"}""", -32600 },
        { """{"jsonrpc":"2.0","id":1}""", -32600 },
        { """{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600 },
        { """{"jsonrpc":"2.0","id":true,"method":"ping"}""", -32600 },
        { """{"jsonrpc":"2.0","id":{},"method":"ping"}""", -32600 },
        { """{"jsonrpc":"2.0","id":[1],"method":"ping"}""", -32600 },
        { """{"jsonrpc":"2.0","id":1e999,"method":"ping"}""", -32600 },
        { """{"jsonrpc":"2.0","method":"ping"}""", -32600 },
        { """{"jsonrpc":"2.0","method":"tools/call","params":{"name":"t"}}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":"notifications/initialized"}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":7}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":""}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":"tools/call "}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":"Tools/Call"}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":"toolſ/call"}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","error":{}}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1}}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"error":"no"}""", -32600 },
        { """{"jsonrpc":"2.0","result":{}}""", -32600 },
        { """{"jsonrpc":"2.0","id":null,"error":{"code":1}}""", -32600 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}""", -32602 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","params":7}""", -32602 },
        { """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":[]}}""", -32602 },
    };

    public static TheoryData<string> CaseVariants =>
    [
        """{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","Id":2}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","JsonRpc":"2.0"}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","PARAMS":{}}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","paramſ":{}}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","\u0130d":1}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","Result":{}}""",
        Call + """{"name":"get","Name":"delete"}}""",
        Call + """{"name":"get","na\u004de":"delete"}}""",
        Call + """{"name":"get","Arguments":{}}}""",
        Call + """{"name":"get","argumentſ":{}}}""",
        Call + """{"name":"get","_META":{}}}""",
        Call + """{"name":"get","_meta":{"io.modelcontextprotocol/ProtocolVersion":"2026-07-28"}}}""",
        """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a","URI":"b"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"a","taskID":"b"}}""",
        Complete + """{"ref":{"type":"ref/prompt","name":"a","Name":"b"}}}""",
        Listen + """{"Notifications":{}}}""",
    ];

    public static TheoryData<string> Duplicates =>
    [
        """{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","m\u0065thod":"tools/call"}""",
        """{"jsonrpc":"2.0","id":1,"id":1,"method":"ping"}""",
        """{"jsonrpc":"2.0","id":1,"method":"ping","x":{"a":1,"a":1}}""",
        Call + """{"name":"get","name":"delete"}}""",
        Call + """{"name":"get","n\u0061me":"delete"}}""",
        Call + """{"name":"get","arguments":{"a":1,"a":2}}}""",
        Call + """{"name":"get","arguments":{"a":[{"b":{"c":1,"d":2,"\u0063":3}}]}}}""",
        Call + """{"name":"get","arguments":{"":1,"":2}}}""",
        Call + """{"name":"get","arguments":{"é":1,"\u00e9":2}}}""",
        Call + """{"name":"get","arguments":{"\ud83d\ude00":1,"😀":2}}}""",
    ];

    public static TheoryData<string> WrongParams =>
    [
        """{"jsonrpc":"2.0","id":1,"method":"tools/call"}""",
        Call + "null}",
        Call + "[]}",
        Call + "{}}",
        Call + """{"name":7}}""",
        Call + """{"name":null}}""",
        Call + """{"name":""}}""",
        Call + """{"name":["a"]}}""",
        Call + """{"name":"a","arguments":[]}}""",
        Call + """{"name":"a","arguments":"{}"}}""",
        Call + """{"name":"a","_meta":{"io.modelcontextprotocol/protocolVersion":20260728}}}""",
        """{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"a","arguments":[]}}""",
        """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":{}}}""",
        """{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"name":"a"}}""",
        """{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{}}""",
        """{"jsonrpc":"2.0","id":1,"method":"tasks/result","params":{"taskId":1}}""",
        Complete + """{"ref":"ref/prompt"}}""",
        Complete + """{"ref":{"name":"a"}}}""",
        Complete + """{"ref":{"type":"ref/prompt","uri":"a"}}}""",
        Complete + """{"ref":{"type":"ref/prompt","name":"a","uri":"b"}}}""",
        Listen + """{"notifications":[]}}""",
        Listen + """{"notifications":{"resourceSubscriptions":"a"}}}""",
        Listen + """{"notifications":{"resourceSubscriptions":["a",1]}}}""",
    ];

    public static TheoryData<string> Unclear =>
    [
        Call + """{"name":"a\u0000b"}}""",
        Call + """{"name":"a\ud800b"}}""",
        Call + """{"name":"a\udc00b"}}""",
        Call + """{"name":"a","arguments":{"x":"\ud83d"}}}""",
        Call + """{"name":"a","arguments":{"x":"\ud83d\ud83d"}}}""",
        Call + """{"name":"a","arguments":{"\ud83dx":1}}}""",
        Call + """{"name":"a","arguments":{"x":"\\\u0000"}}}""",
        Call + """{"name":"a","arguments":{"x":1e400}}}""",
        Call + """{"name":"a","arguments":{"x":-1E+400}}}""",
        Call + """{"name":"a","arguments":{"x":1e-500}}}""",
        """{"jsonrpc":"2.0","id":"\ud800","method":"ping"}""",
    ];

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void Refuses_what_is_not_one_message(string json, int code)
    {
        var fault = McpReaderTests.Refuse(json);

        Assert.Equal(code, fault.Code);
        Assert.Equal(400, fault.HttpStatus);
    }

    [Theory]
    [MemberData(nameof(CaseVariants))]
    public void Refuses_a_deciding_member_in_another_case(string json) =>
        Assert.Contains("variant spelling", McpReaderTests.Refuse(json).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Duplicates))]
    public void Refuses_a_member_twice_in_any_object(string json) =>
        Assert.Contains("twice", McpReaderTests.Refuse(json).Message, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(WrongParams))]
    public void Refuses_params_that_do_not_name_what_the_method_acts_on(string json)
    {
        var fault = McpReaderTests.Refuse(json);

        Assert.Equal(-32602, fault.Code);
        Assert.Equal("1", Encoding.UTF8.GetString(fault.Id.Span));
    }

    [Theory]
    [MemberData(nameof(Unclear))]
    public void Refuses_texts_and_numbers_that_readers_understand_differently(string json) =>
        Assert.Equal(-32600, McpReaderTests.Refuse(json).Code);

    [Theory]
    [InlineData("resources/subscribe")]
    [InlineData("resources/unsubscribe")]
    public void Resource_subscriptions_are_unknown_in_the_stateless_revision(string method)
    {
        var fault = McpReaderTests.Refuse(
            $$$"""
            {"jsonrpc":"2.0","id":1,"method":"{{{method}}}",
             "params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"} } }
            """);
        Assert.Equal((404, -32601), (fault.HttpStatus, fault.Code));
    }

    [Fact]
    public void Accepts_escapes_that_all_readers_agree_on() =>
        McpReaderTests.Accept(Call + """{"name":"a","arguments":{"x":"\ud83d\ude00 \\u0000 \"\n"}}}""");

    [Theory]
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF })]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    public void Refuses_a_byte_order_mark(byte[] mark)
    {
        var body = mark.Concat("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray()).ToArray();
        Assert.False(McpReader.Read(body, McpReadBounds.Default).IsMessage);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Refuses_invalid_utf8_anywhere(byte[] bytes)
    {
        byte[] body = [.. """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":" """u8, .. bytes, .. "\"}}"u8];
        Assert.Equal(-32700, McpReader.Read(body, McpReadBounds.Default).Fault!.Code);
    }
}
