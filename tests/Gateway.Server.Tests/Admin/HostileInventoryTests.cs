using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Server.Tests.Admin;

/// <summary>An operator asks a server for its tools, and the server answers without end.</summary>
public sealed class HostileInventoryTests : IAsyncLifetime
{
    private const int Mebi = 1024 * 1024;

    // Its bound, what lies in the buffers of two sockets, and what was written before the gateway had gone.
    private const long WrittenMax = 48 * Mebi;

    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;
    private long _written;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, """{ "version": "1", "default": "deny" }""");
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Stops_a_server_that_has_a_next_page_without_end()
    {
        var pages = 0;
        Serve((http, id) => PageAsync(http, id, [Tool($"tool_{++pages}")], $"after-{pages}"));

        var (status, body) = await AskAsync();

        Assert.Equal(502, status);
        Assert.Contains("more than 100 pages", (string?)body["detail"], StringComparison.Ordinal);
        Assert.Equal(100, pages);
    }

    [Fact]
    public async Task Declared_list_that_is_not_implemented_costs_no_other_list()
    {
        // mcp-server-kubernetes 4.1.7 and others declare resources and know neither of their lists.
        Serve((http, id) => PageAsync(http, id, [Tool("good")], null), """{"tools":{},"resources":{},"prompts":{}}""");

        var (status, body) = await AskAsync();

        Assert.Equal(200, status);
        Assert.Equal("good", (string?)body["tools"]!.AsArray().Single()!["name"]);
        var note = (string?)body["note"];
        Assert.Contains("resources/list", note, StringComparison.Ordinal);
        Assert.Contains("resources/templates/list", note, StringComparison.Ordinal);
        Assert.Contains("prompts/list", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_without_a_type_name_that_an_answer_has_another_form()
    {
        _server.Answer = static (http, request) => RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":{{JsonNode.Parse(request.Body)!["id"]}},"result":{ } }""");

        var (status, body) = await AskAsync();

        Assert.Equal(502, status);
        var detail = (string?)body["detail"];
        Assert.Contains("its response does not have the form that MCP defines", detail, StringComparison.Ordinal);
        Assert.Contains("supportedVersions", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("ModelContextProtocol", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_a_server_whose_pages_are_too_much_together()
    {
        var pages = 0;
        Serve((http, id) => PageAsync(http, id, [Tool($"tool_{++pages}", filler: 3 * Mebi)], $"after-{pages}"));

        var (status, body) = await AskAsync();

        Assert.Equal(502, status);
        Assert.Contains("bytes", (string?)body["detail"], StringComparison.Ordinal);
        Assert.True(_written <= WrittenMax, $"{_written} bytes were read");
    }

    [Theory]
    [InlineData("same", 2)]
    [InlineData("two in turn", 3)]
    public async Task Stops_a_server_that_names_a_cursor_again(string how, int expected)
    {
        var pages = 0;
        Serve((http, id) =>
            PageAsync(http, id, [Tool($"tool_{++pages}")], how == "same" ? "again" : $"again-{pages % 2}"));

        var (status, body) = await AskAsync();

        Assert.Equal(502, status);
        Assert.Contains("cursor", (string?)body["detail"], StringComparison.Ordinal);
        Assert.Equal(expected, pages);
    }

    [Theory]
    [InlineData("application/json", 200, """{"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":"a","description":" """)]
    [InlineData("application/json", 500, "")]
    [InlineData("text/event-stream", 200, """data: {"jsonrpc":"2.0","id":2,"result":{"tools":[{"name":" """)]
    [InlineData("text/event-stream", 200, ": a comment that goes on")]
    public async Task Stops_a_server_whose_answer_is_a_string_without_end(string type, int code, string begin)
    {
        Serve(async (http, _) =>
        {
            http.Response.StatusCode = code;
            http.Response.ContentType = type;
            await http.Response.WriteAsync(begin);
            await EndlessAsync(http, Encoding.UTF8.GetBytes(new string('x', 64 * 1024)));
        });

        var (status, body) = await AskAsync();

        Assert.Equal(502, status);
        Assert.Contains("bytes", (string?)body["detail"], StringComparison.Ordinal);
        Assert.True(_written <= WrittenMax, $"{_written} bytes were read");
    }

    [Fact]
    public async Task Stops_a_server_that_sends_events_without_end()
    {
        Serve(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            const string Notice = """data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}""";
            await EndlessAsync(http, Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Repeat($"id: 1\nretry: 1\n{Notice}\n\n", 500))));
        });

        var (status, body) = await AskAsync();

        Assert.Equal(502, status);
        Assert.Contains("bytes", (string?)body["detail"], StringComparison.Ordinal);
        Assert.True(_written <= WrittenMax, $"{_written} bytes were read");
    }

    [Fact]
    public async Task Shows_as_many_tools_as_it_may_and_says_that_there_are_more()
    {
        var pages = 0;
        Serve((http, id) => PageAsync(
            http, id, Enumerable.Range(0, 2500).Select(i => Tool($"tool_{pages}_{i}")).ToArray(), $"after-{++pages}"));

        var (status, body) = await AskAsync();

        Assert.Equal(200, status);
        Assert.Equal(10_000, body["tools"]!.AsArray().Count);
        Assert.Contains("10000", (string?)body["note"], StringComparison.Ordinal);
        Assert.Equal(4, pages);
    }

    [Theory]
    [InlineData("""{"tools":{}}""", "$.tools")]
    [InlineData("""{"tools":[{"name":"a"},{"title":"b"}]}""", "$.tools[1].name")]
    [InlineData("""{"tools":[{"name":7}]}""", "$.tools[0].name")]
    [InlineData("""{"tools":[null]}""", "$.tools[0].name")]
    [InlineData("[]", "$")]
    public async Task Says_where_a_list_is_none(string result, string where)
    {
        Serve((http, id) => RecordingServer.JsonAsync(http, $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}"""));

        var (status, body) = await AskAsync();

        Assert.Equal(502, status);
        Assert.Contains($"does not have the form that MCP defines, at {where}.", (string?)body["detail"]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"string\"")]
    [InlineData("""{"type":"array"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/properties/a"},"b":{"$ref":"#"}}}""")]
    public async Task Shows_a_tool_whose_schema_is_none_beside_the_others(string schema)
    {
        var odd = new JsonObject { ["name"] = "odd", ["inputSchema"] = JsonNode.Parse(schema) };
        Serve((http, id) => PageAsync(http, id, [Tool("good"), odd], null));

        foreach (var path in (string[])["servers/srv/tools", "catalogue/srv"])
        {
            var (status, body) = await AskAsync(path);
            Assert.True(status == 200, body.ToJsonString());
            Assert.Equal(["good", "odd"], body["tools"]!.AsArray().Select(static tool => (string?)tool!["name"]));
        }
    }

    [Fact]
    public async Task Evaluates_ten_thousand_of_a_hundred_thousand_hostile_tools_and_reports_the_rest()
    {
        string[] names = ["run", "<img src=x onerror=alert(1)>", "re\u202Ead", "get\u200B_it", "p\u0430y", "\"',;--"];
        var schema = JsonNode.Parse("""
            { "type": "object", "properties": { "next": { "$ref": "#" }, "a": { "$ref": "#/properties/a" } } }
            """)!;
        Serve((http, id) => PageAsync(
            http,
            id,
            [
                .. Enumerable.Range(0, 100_000).Select(i => new JsonObject
                {
                    ["name"] = names[i % names.Length] + i,
                    ["inputSchema"] = i % 100 == 0 ? schema.DeepClone() : new JsonObject(),
                }),
            ],
            null));

        var (status, body) = await AskAsync("catalogue/srv");

        Assert.True(status == 200, body.ToJsonString());
        var tools = body["tools"]!.AsArray();
        Assert.Equal(10_000, tools.Count);
        Assert.All(tools, static tool => Assert.NotNull((string?)tool!["category"]));
        Assert.Contains("10000", (string?)body["note"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_the_tools_of_every_page_of_an_honest_server()
    {
        var pages = 0;
        Serve((http, id) => PageAsync(http, id, [Tool($"tool_{++pages}")], pages < 90 ? $"after-{pages}" : null));

        var (status, body) = await AskAsync();

        Assert.Equal(200, status);
        Assert.Equal(90, body["tools"]!.AsArray().Count);
        Assert.Null(body["note"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Holds_no_connection_once_it_has_answered(bool isEndless)
    {
        Serve((http, id) => isEndless
            ? EndlessAsync(http, new byte[64 * 1024])
            : PageAsync(http, id, [Tool("tool")], null));

        // A process of its own, as its figures are the process's.
        const string Key = "an_admin_key_for_tests_0123456789";
        using var folder = new TestFolder();
        var config = TestConfig.Write(
            folder.Path, _server.Url, """{ "version": "1", "default": "deny" }""",
            $$""", "admin": { "key": "{{Key}}" }""");
        await using var gateway = await GatewayProcess.StartAsync(config, Path.Combine(folder.Path, "data"));
        using var client = gateway.Client(Key);
        using var answer = await client.GetAsync(new Uri(gateway.Address, "/api/v1/servers/srv/tools"));
        Assert.Equal(isEndless ? 502 : 200, (int)answer.StatusCode);

        var metrics = await client.GetStringAsync(new Uri(gateway.Address, "/metrics"));
        var line = metrics.Split('\n').Single(
            static line => line.StartsWith("gateway_upstream_connections{", StringComparison.Ordinal));
        Assert.EndsWith(" 0", line, StringComparison.Ordinal);
    }

    private async Task<(int Status, JsonObject Body)> AskAsync(string path = "servers/srv/tools")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.Address, $"/api/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _gateway.AdminKey);
        using var response = await _gateway.Client.SendAsync(request);
        return ((int)response.StatusCode,
            JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    /// <summary>A server as the revision of 2025-11-25 has it, whose lists are somebody else's.</summary>
    private void Serve(Func<HttpContext, string, Task> list, string capabilities = """{"tools":{}}""") =>
        _server.Answer = async (http, request) =>
    {
        using var message = JsonDocument.Parse(request.Body.Length == 0 ? "{}"u8.ToArray() : request.Body);
        var method = message.RootElement.TryGetProperty("method", out var named) ? named.GetString() : null;
        var id = message.RootElement.TryGetProperty("id", out var given) ? given.GetRawText() : "0";
        if (method == "tools/list")
            await list(http, id);
        else if (method == "initialize")
        {
            await RecordingServer.JsonAsync(http, $$$"""
                {"jsonrpc":"2.0","id":{{{id}}},"result":{"protocolVersion":"2025-11-25","capabilities":{{{capabilities}}},
                "serverInfo":{"name":"hostile","version":"1"} } }
                """);
        }
        else if (message.RootElement.TryGetProperty("id", out _))
        {
            await RecordingServer.JsonAsync(http,
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32601,"message":"Method not found"} }""");
        }
        else
            http.Response.StatusCode = StatusCodes.Status202Accepted;
    };

    private async Task PageAsync(HttpContext http, string id, JsonObject[] tools, string? next)
    {
        var result = new JsonObject { ["tools"] = new JsonArray(tools) };
        if (next is not null)
            result["nextCursor"] = next;
        var page = $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{{{result.ToJsonString()}}} }""";
        Interlocked.Add(ref _written, page.Length);
        await RecordingServer.JsonAsync(http, page);
    }

    private async Task EndlessAsync(HttpContext http, byte[] again)
    {
        // Bounded all the same: a gateway that reads on fails the test, not the machine.
        // The socket is asked, since a response whose connection is closed takes bytes and says nothing for a while.
        var socket = http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.SafeHandle;
        while (Interlocked.Read(ref _written) < 10 * WrittenMax && !socket.IsClosed)
        {
            await http.Response.Body.WriteAsync(again, http.RequestAborted);
            Interlocked.Add(ref _written, again.Length);
        }
    }

    private static JsonObject Tool(string name, int filler = 0) => new()
    {
        ["name"] = name,
        ["description"] = new string('d', filler),
        ["inputSchema"] = new JsonObject { ["type"] = "object" },
    };
}
