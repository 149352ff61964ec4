using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Interop;

/// <summary>The official server over HTTP+SSE behind a real gateway, with the official clients before it.</summary>
public sealed class SseServerTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [NodeTheory]
    [InlineData("")]
    [InlineData(""", "transport": "sse" """)]
    public async Task Everything_server_is_policed_for_the_legacy_TypeScript_client(string transport)
    {
        await using var server = await StartAsync();
        await using var bench = await StdioBench.StartProgramAsync(
            $$"""{ "url": "{{server.Address}}"{{transport}} }""", InteropPolicies.Everything);

        var seen = await SeenSession.RunAsync(SeenSession.LegacyClient, bench.Endpoint, TestTokens.Agent, Deadline,
            new ScriptedCall("echo", new() { ["message"] = "hello" }),
            new ScriptedCall("get-sum", new() { ["a"] = 2, ["b"] = 3 }),
            new ScriptedCall("get-sum", new() { ["a"] = 2, ["b"] = 3 }),
            new ScriptedCall("get-env", []));

        Assert.Equal("mcp-servers/everything", seen.Server);
        Assert.Equal(("2025-11-25", true), (seen.ProtocolVersion, seen.HasSession));
        Assert.Equal(["echo", "get-sum"], seen.Tools.AsEnumerable());
        Assert.Equal((false, "Echo: hello"), (seen.Results[0].IsError, seen.Results[0].Text));
        Assert.False(seen.Results[1].IsError);
        seen.Results[2].AssertRateLimited("/tools/get-sum/limits/0");
        seen.Results[3].AssertDenied("(default deny)");
    }

    [NodeFact]
    public async Task CSharp_client_and_the_probe_see_what_a_direct_client_sees()
    {
        await using var server = await StartAsync();
        await using var bench = await StdioBench.StartProgramAsync($$"""{ "url": "{{server.Address}}" }""");
        var cli = new Cli(bench.Folder, new Uri(bench.Endpoint, "/"), bench.AdminKey);
        await using var direct = await ConnectAsync(server.Address, HttpTransportMode.Sse);
        var expected = await NamesAsync(direct);

        // A client that prefers the stateless revision finds the transport by server/discover.
        await using var client = await ConnectAsync(bench.Endpoint, HttpTransportMode.StreamableHttp);
        var probe = await cli.RunAsync("server", "inspect", bench.Server, "--json");
        var shown = await cli.RunAsync("server", "show", bench.Server);

        Assert.Equal(expected, await NamesAsync(client));
        Assert.Equal(direct.NegotiatedProtocolVersion, client.NegotiatedProtocolVersion);
        var result = await client.CallToolAsync(
            "echo", new Dictionary<string, object?> { ["message"] = "hi" }, cancellationToken: Deadline);
        Assert.Equal("Echo: hi", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        Assert.Subset(
            JsonNode.Parse(probe.Output)!["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!).ToHashSet(),
            expected.ToHashSet());
        Assert.Contains(
            "HTTP+SSE (detected), 1 of 256 sessions open at this gateway", shown.Output, StringComparison.Ordinal);
        await bench.HasSeriesAsync($$"""gateway_upstream_sse_sessions{server="{{bench.Server}}"} 1""");
    }

    [NodeFact]
    public async Task Lost_stream_ends_the_call_as_no_response_and_the_session_with_404()
    {
        var server = await StartAsync();
        await using var bench = await StdioBench.StartProgramAsync($$"""{ "url": "{{server.Address}}" }""");
        var session = await bench.OpenAsync();
        var call = bench.PostAsync("""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"trigger-long-running-operation",
            "arguments":{"duration":600,"steps":600},"_meta":{"progressToken":"p"}}}
            """, session);
        // The call is at work: its first progress has come.
        using var answer = await call;
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(Deadline));
        while (await events.ReadLineAsync(Deadline) is { } line
            && !line.Contains("notifications/progress", StringComparison.Ordinal))
        {
        }

        await server.DisposeAsync();

        var rest = await events.ReadToEndAsync(Deadline);
        using var next = await bench.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", session);
        Assert.Contains("The call may have been executed; check before you repeat it.", rest, StringComparison.Ordinal);
        Assert.Equal(404, (int)next.StatusCode);
        await bench.DisposeHostAsync();
        Assert.Contains(
            Directory.EnumerateFiles(Path.Combine(bench.Folder, "data", "audit"), "*", SearchOption.AllDirectories)
                .SelectMany(File.ReadLines),
            static line => line.Contains("\"no_response\"", StringComparison.Ordinal));
    }

    [NodeFact]
    public async Task Agent_gets_a_sentence_and_not_the_page_of_a_server_that_speaks_neither_transport()
    {
        await using var page = await LoopbackServer.StartAsync(static context =>
        {
            context.Response.StatusCode = 404;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<!DOCTYPE html><html><body><pre>Cannot POST</pre></body></html>");
        });
        await using var bench = await StdioBench.StartProgramAsync($$"""{ "url": "{{page.Url}}mcp" }""");

        using var answer = await bench.PostAsync(StdioBench.Initialize, null);

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            $"The server \"{bench.Server}\" responded with HTTP 404. It wrote: \"Cannot POST\"",
            await answer.Content.ReadAsStringAsync(Deadline));
    }

    private Task<EverythingServer> StartAsync() => EverythingServer.StartAsync(Deadline, "everything-sse.js");

    private async Task<string[]> NamesAsync(McpClient client) =>
    [
        .. (await client.ListToolsAsync(cancellationToken: Deadline)).Select(static tool => tool.Name)
            .Order(StringComparer.Ordinal),
    ];

    private Task<McpClient> ConnectAsync(Uri endpoint, HttpTransportMode mode) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = mode,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {TestTokens.Agent}" },
        }),
        OfficialOptions.Speaking(null),
        cancellationToken: Deadline);
}
