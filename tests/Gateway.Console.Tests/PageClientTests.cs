using Microsoft.AspNetCore.Http;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Console.Tests;

/// <summary>Pages of another origin in a real browser as MCP clients.</summary>
public sealed class PageClientTests
{
    internal static readonly string Inspector = SourceTree.PathOf(
        "tests", "interop", "inspector", "node_modules", "@modelcontextprotocol", "inspector-client", "dist");

    private const string Script = """
        async ([gateway, token]) => {
          const send = (path, method, body, headers = {}) => fetch(gateway + path, {
            method, body: body && JSON.stringify(body),
            headers: { Accept: "application/json, text/event-stream", "Content-Type": "application/json", ...headers },
          });
          const own = { Authorization: `Bearer ${token}`, "MCP-Protocol-Version": "2025-11-25" };
          const refused = await send("mcp/crm", "POST", { jsonrpc: "2.0", id: 1, method: "ping" });
          const metadata = await send(".well-known/oauth-protected-resource/mcp/crm", "GET");
          const list = await send("mcp/crm", "POST", { jsonrpc: "2.0", id: 2, method: "tools/list" }, own);
          const ended = await send("mcp/crm", "DELETE", undefined, { ...own, "Mcp-Session-Id": "none" });
          const admin = await send("api/v1/grants", "GET", undefined, own).then(() => "read", () => "blocked");
          return [
            refused.status, refused.headers.get("WWW-Authenticate"), metadata.status,
            (await list.json()).result.tools.map(tool => tool.name).join(), ended.status, admin,
          ].join(" ");
        }
        """;

    [BrowserFact]
    public async Task Page_of_another_loopback_port_calls_the_gateway_and_reads_its_refusals()
    {
        await using var own = new OwnBench();
        await own.Bench.InitializeAsync();
        var token = await own.Bench.ProvideAsync("crm");
        await using var site = await LoopbackServer.StartAsync(static http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync("<!doctype html><title>Client</title>");
        });
        await using var window = await own.Bench.OpenAsync();
        await window.Page.GotoAsync(site.Url.AbsoluteUri);

        var seen = await window.Page.EvaluateAsync<string>(Script, new[] { own.Bench.Address.AbsoluteUri, token! });

        Assert.Equal("401 Bearer 404 get_customer 404 blocked", seen);
    }

    [Trait("run", "full")]
    [BrowserFact(WithInspector = true)]
    public async Task Official_inspector_connects_from_its_own_page_and_lists_the_tools()
    {
        await using var own = new OwnBench();
        await own.Bench.InitializeAsync();
        var token = await own.Bench.ProvideAsync("crm");
        await using var site = await LoopbackServer.StartAsync(ServeInspectorAsync);
        await using var window = await own.Bench.OpenAsync();
        await window.Page.AddInitScriptAsync($$"""
            localStorage.setItem("lastConnectionType", "direct");
            localStorage.setItem("lastTransportType", "streamable-http");
            localStorage.setItem("lastSseUrl", "{{new Uri(own.Bench.Address, "/mcp/crm")}}");
            localStorage.setItem("lastCustomHeaders", JSON.stringify(
              [{ name: "Authorization", value: "Bearer {{token}}", enabled: true }]));
            """);
        await window.Page.GotoAsync(site.Url.AbsoluteUri);

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
        await Expect(window.Page.GetByText("Connected", new() { Exact = true })).ToBeVisibleAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "List Tools" }).ClickAsync();

        await Expect(window.Page.GetByText("get_customer", new() { Exact = true }).First).ToBeVisibleAsync();
    }

    /// <summary>The page's own configuration comes from its proxy, which direct connections do not use.</summary>
    private static Task ServeInspectorAsync(HttpContext http)
    {
        var name = http.Request.Path.Value is "/" or null ? "index.html" : http.Request.Path.Value[1..];
        var path = Path.GetFullPath(Path.Combine(Inspector, name));
        if (!path.StartsWith(Inspector, StringComparison.Ordinal) || !File.Exists(path))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Response.ContentType = Path.GetExtension(path) switch
        {
            ".html" => "text/html",
            ".js" => "text/javascript",
            ".css" => "text/css",
            _ => "image/svg+xml",
        };
        return http.Response.SendFileAsync(path);
    }
}
