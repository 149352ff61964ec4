using Gateway.Server.Tests.Stdio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Gateway.Server.Tests.Interop;

/// <summary>
/// Server and client of the official C# SDK, directly and with the gateway between them, over Streamable HTTP and over
/// the SDK's endpoints for HTTP+SSE.
/// </summary>
public sealed class CSharpServerTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));
    private WebApplication _app = null!;

    private CancellationToken Deadline => _deadline.Token;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddMcpServer()
            .WithHttpTransport(static options =>
            {
                options.Stateless = false;
#pragma warning disable MCP9004 // HTTP+SSE is what is tried here.
                options.EnableLegacySse = true;
#pragma warning restore MCP9004
            })
            .WithTools(
            [
                McpServerTool.Create(
                    static (int a, int b) => a + b, new() { Name = "add", Description = "Adds two numbers." }),
                McpServerTool.Create(
                    static (string text) => text, new() { Name = "echo", Description = "Returns a text." }),
            ]);
        _app = builder.Build();
        _app.MapMcp("/mcp");
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => _deadline.Dispose();

    [Theory]
    [InlineData("/mcp", HttpTransportMode.StreamableHttp, "2025-11-25", "")]
    [InlineData("/mcp/sse", HttpTransportMode.Sse, null, "")]
    [InlineData("/mcp/sse", HttpTransportMode.Sse, null, """, "transport": "sse" """)]
    public async Task Lists_and_calls_are_the_same_at_both_addresses_as_directly(
        string path, HttpTransportMode mode, string? version, string transport)
    {
        var url = new Uri(new Uri(_app.Urls.Single()), path);
        await using var bench = await StdioBench.StartProgramAsync($$"""{ "url": "{{url}}"{{transport}} }""");
        await using var direct = await ConnectAsync(url, mode, version);
        await using var one = await ConnectAsync(bench.Endpoint, HttpTransportMode.StreamableHttp, version);
        await using var all = await ConnectAsync(
            new Uri(bench.Endpoint, "/mcp"), HttpTransportMode.StreamableHttp, version);

        var expected = await SeenAsync(direct, "");

        Assert.Equal(["add", "echo"], expected.Tools.Keys.Order());
        Assert.Contains("\"text\":\"5\"", expected.Results[0], StringComparison.Ordinal);
        Assert.Equal(direct.NegotiatedProtocolVersion, one.NegotiatedProtocolVersion);
        foreach (var seen in ((Dictionary<string, string> Tools, string[] Results)[])
            [await SeenAsync(one, ""), await SeenAsync(all, $"{bench.Server}__")])
        {
            Assert.Equal(expected.Tools, seen.Tools);
            Assert.Equal(expected.Results, seen.Results);
        }
    }

    private async Task<(Dictionary<string, string> Tools, string[] Results)> SeenAsync(McpClient client, string prefix)
    {
        var tools = (await client.ListToolsAsync(cancellationToken: Deadline)).ToDictionary(
            tool => tool.Name[prefix.Length..],
            tool =>
            {
                var definition = JsonSerializer.SerializeToNode(tool.ProtocolTool, McpJsonUtilities.DefaultOptions)!;
                definition["name"] = tool.Name[prefix.Length..];
                return definition.ToJsonString();
            });
        return (tools,
        [
            await CallAsync(client, prefix + "add", new() { ["a"] = 2, ["b"] = 3 }),
            await CallAsync(client, prefix + "echo", new() { ["text"] = "hello" }),
        ]);
    }

    private async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Deadline);
        return JsonSerializer.Serialize(result, McpJsonUtilities.DefaultOptions);
    }

    private Task<McpClient> ConnectAsync(Uri url, HttpTransportMode mode, string? version) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = url,
            TransportMode = mode,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {TestTokens.Agent}" },
        }),
        OfficialOptions.Speaking(version),
        cancellationToken: Deadline);
}
