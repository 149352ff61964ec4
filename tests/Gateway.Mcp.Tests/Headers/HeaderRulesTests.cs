using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Tests.Reading;

namespace Gateway.Mcp.Tests.Headers;

public class HeaderRulesTests
{
    private const string Tool = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send"}}""";

    [Fact]
    public void A_plain_legacy_call_passes_without_any_header_of_the_protocol()
    {
        Assert.Null(WholeCheck.Of(Headers(), McpReaderTests.Accept(Tool), out var revision));
        Assert.Equal(McpRevision.Legacy, revision);
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public void A_known_legacy_version_passes(string version)
    {
        var headers = Headers(("MCP-Protocol-Version", version));
        Assert.Null(WholeCheck.Of(headers, McpReaderTests.Accept(Tool), out var revision));
        Assert.Equal(McpRevision.Legacy, revision);
    }

    [Theory]
    [InlineData("2025-01-01", "\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\",\"2024-11-05\"")]
    [InlineData("", "\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\",\"2024-11-05\"")]
    [InlineData("2027-01-01", "\"2026-07-28\"")]
    [InlineData("9999-99-99", "\"2026-07-28\"")]
    [InlineData("v999.0.0", "\"2026-07-28\"")]
    public void A_version_that_is_not_served_is_refused_with_those_that_are(string version, string served)
    {
        var fault = Refused(Headers(("MCP-Protocol-Version", version)), Tool);

        Assert.Equal((400, -32022), (fault.HttpStatus, fault.Code));
        Assert.Equal(
            $"{{\"supported\":[{served}],\"requested\":\"{version}\"}}", Encoding.UTF8.GetString(fault.Data.Span));
    }

    [Fact]
    public void A_stateless_call_passes_when_every_mirror_agrees()
    {
        Assert.Null(WholeCheck.Of(Stateless("tools/call", "send"), StatelessCall("send"), out var revision));
        Assert.Equal(McpRevision.Stateless, revision);
    }

    [Theory]
    [InlineData("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?=")]
    [InlineData(" padded ", "=?base64?IHBhZGRlZCA=?=")]
    [InlineData("two\u3000words", "=?base64?dHdv44CAd29yZHM=?=")]
    [InlineData("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=")]
    [InlineData("foo", "  foo ")]
    [InlineData("=?BASE64?eA==?=", "=?BASE64?eA==?=")]
    public void An_encoded_name_is_decoded_before_it_is_compared(string name, string header) =>
        Assert.Null(WholeCheck.Of(Stateless("tools/call", header), StatelessCall(name), out _));

    [Theory]
    [InlineData("send", "=?base64?!!!?=")]
    [InlineData("send", "=?base64?gICA?=")]
    [InlineData("send", "=?base64?c2Vu ZA==?=")]
    [InlineData("send", "=?base64?c2VuZAo=?=")]
    [InlineData("send", "Send")]
    [InlineData("send", "sen")]
    [InlineData("sénd", "sénd")]
    public void A_name_that_says_something_else_is_refused(string name, string header)
    {
        var fault = WholeCheck.Of(Stateless("tools/call", header), StatelessCall(name), out _)!;
        Assert.Equal((400, -32020), (fault.HttpStatus, fault.Code));
        Assert.Equal("1", Encoding.UTF8.GetString(fault.Id.Span));
    }

    [Theory]
    [InlineData("MCP-Protocol-Version")]
    [InlineData("Mcp-Method")]
    [InlineData("Mcp-Name")]
    public void A_stateless_call_without_one_of_its_mirrors_is_refused(string missing)
    {
        var headers = Stateless("tools/call", "send");
        headers.Remove(missing);
        Assert.Equal(-32020, WholeCheck.Of(headers, StatelessCall("send"), out var revision)!.Code);
        Assert.Equal(McpRevision.Stateless, revision);
    }

    [Theory]
    [InlineData("MCP-Protocol-Version", "2025-11-25")]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Method", "Tools/Call")]
    [InlineData("Mcp-Name", "other")]
    public void A_mirror_that_contradicts_the_body_is_refused(string name, string value)
    {
        var headers = Stateless("tools/call", "send");
        headers[name] = value;
        Assert.Equal(-32020, WholeCheck.Of(headers, StatelessCall("send"), out _)!.Code);
    }

    [Theory]
    [InlineData("Mcp-Method", "ping")]
    [InlineData("Mcp-Name", "other")]
    public void A_contradicting_mirror_is_refused_in_a_legacy_revision_too(string name, string value) =>
        Assert.Equal(-32020, Refused(Headers((name, value)), Tool).Code);

    [Fact]
    public void A_stateless_request_without_a_version_in_its_body_is_refused() =>
        Assert.Equal(-32602, Refused(Stateless("tools/call", "send"), Tool).Code);

    [Fact]
    public void A_response_is_refused_in_the_stateless_revision_and_passes_in_the_legacy_one()
    {
        const string Answer = """{"jsonrpc":"2.0","id":1,"result":{}}""";
        Assert.Equal(400, Refused(Headers(("MCP-Protocol-Version", "2026-07-28")), Answer).HttpStatus);
        Assert.Null(WholeCheck.Of(Headers(), McpReaderTests.Accept(Answer), out _));
    }

    [Theory]
    [InlineData("tasks/get", "taskId")]
    [InlineData("resources/read", "uri")]
    [InlineData("prompts/get", "name")]
    public void The_name_mirrors_the_member_of_its_method(string method, string member)
    {
        var message = McpReaderTests.Accept(
            $$$"""
            {"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{"{{{member}}}":"x",
             "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"} } }
            """);
        Assert.Null(WholeCheck.Of(Stateless(method, "x"), message, out _));
        Assert.Equal(-32020, WholeCheck.Of(Stateless(method, "y"), message, out _)!.Code);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json-patch+json")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; boundary=x")]
    [InlineData("application/json, text/plain")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_but_utf8_json_is_refused(string? contentType)
    {
        var headers = Headers();
        headers["Content-Type"] = contentType;
        Assert.Equal(415, Refused(headers, Tool).HttpStatus);
    }

    [Theory]
    [InlineData("Application/JSON")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    public void Json_in_utf8_passes_however_it_is_written(string contentType)
    {
        var headers = Headers();
        headers["Content-Type"] = contentType;
        Assert.Null(WholeCheck.Of(headers, McpReaderTests.Accept(Tool), out _));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("identity")]
    public void A_content_encoding_is_refused(string encoding) =>
        Assert.Equal(415, Refused(Headers(("Content-Encoding", encoding)), Tool).HttpStatus);

    [Theory]
    [InlineData("text/html", false)]
    [InlineData("image/*", false)]
    [InlineData("*/*", true)]
    [InlineData("application/json", true)]
    [InlineData("TEXT/event-stream;q=0.5, application/json", true)]
    public void An_accept_needs_room_for_an_answer(string accept, bool passes)
    {
        var fault = WholeCheck.Of(Headers(("Accept", accept)), McpReaderTests.Accept(Tool), out _);
        Assert.Equal(passes ? null : 406, fault?.HttpStatus);
    }

    [Theory]
    [InlineData("Mcp-Session-Id")]
    [InlineData("MCP-Protocol-Version")]
    [InlineData("Mcp-Method")]
    [InlineData("Mcp-Name")]
    [InlineData("Last-Event-ID")]
    public void A_header_of_the_protocol_twice_is_refused(string name)
    {
        var headers = Headers();
        headers[name] = new(["2025-11-25", "2025-11-25"]);
        Assert.Equal(400, Refused(headers, Tool).HttpStatus);
    }

    [Fact]
    public void Letters_beyond_ascii_in_a_forwarded_header_are_refused() =>
        Assert.Equal(-32020, Refused(Headers(("Mcp-Param-Region", "münchen")), Tool).Code);

    [Fact]
    public void A_bodiless_request_is_checked_for_its_version_alone()
    {
        Assert.Null(HeaderRules.CheckBodiless(
            new HeaderDictionary { ["Accept"] = "text/event-stream" }, out var revision));
        Assert.Equal(McpRevision.Legacy, revision);
        var newer = new HeaderDictionary { ["MCP-Protocol-Version"] = "2027-01-01" };
        Assert.Equal(-32022, HeaderRules.CheckBodiless(newer, out _)!.Code);
    }

    [Theory]
    [InlineData("e-1", "session", true)]
    [InlineData("7~x", "session", true)]
    [InlineData("e-1", null, false)]
    [InlineData("e-1", "", false)]
    [InlineData("", "session", false)]
    [InlineData("e\t1", "session", false)]
    [InlineData("e\u00e9", "session", false)]
    public void Last_event_id_without_a_session_or_with_unsafe_characters_is_refused(
        string last, string? session, bool passes)
    {
        var headers = new HeaderDictionary { ["Accept"] = "text/event-stream", ["Last-Event-ID"] = last };
        if (session is not null)
            headers["Mcp-Session-Id"] = session;

        Assert.Equal(passes ? null : 400, HeaderRules.CheckBodiless(headers, out _)?.HttpStatus);
    }

    [Fact]
    public void Last_event_id_longer_than_the_bound_is_refused()
    {
        var headers = new HeaderDictionary { ["Accept"] = "text/event-stream", ["Mcp-Session-Id"] = "session" };
        headers["Last-Event-ID"] = new string('x', HeaderRules.LastEventIdCharsMax);
        Assert.Null(HeaderRules.CheckBodiless(headers, out _));

        headers["Last-Event-ID"] += "x";
        Assert.Equal(400, HeaderRules.CheckBodiless(headers, out _)!.HttpStatus);
    }

    private static McpFault Refused(IHeaderDictionary headers, string json)
    {
        var fault = WholeCheck.Of(headers, McpReaderTests.Accept(json), out _);
        Assert.NotNull(fault);
        return fault;
    }

    private static McpMessage StatelessCall(string name) => McpReaderTests.Accept(
        $$$"""
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{name}}}",
         "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"} } }
        """);

    private static HeaderDictionary Stateless(string method, string name) =>
        Headers(("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method), ("Mcp-Name", name));

    private static HeaderDictionary Headers(params (string Name, string Value)[] more)
    {
        var headers = new HeaderDictionary { ["Content-Type"] = "application/json" };
        foreach (var (name, value) in more)
            headers[name] = value;
        return headers;
    }
}
