using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Gateway.Console.Tests;

/// <summary>
/// The official example servers of apps behind a gateway, and a page in Chromium that hosts apps with the official
/// <c>AppBridge</c> (<c>tests/interop/apps</c>).
/// </summary>
public sealed class AppBench : IAsyncLifetime, IDisposable
{
    /// <summary>The origin that the app of the PDF server declares.</summary>
    public const string Origin = "https://unpkg.com";

    private const string Key = "an_admin_key_for_tests_0123456789";
    private const string Open = """{ "version": "1", "default": "allow" }""";

    private const string Listed = """
        { "version": "1", "default": "allow", "apps": {
          "csp": { "connectDomains": ["https://*.com"], "resourceDomains": ["https://unpkg.com"] },
          "permissions": ["clipboardWrite"] } }
        """;

    private const string Asking = """
        { "version": "1", "default": "allow", "tools": {
          "get-time": { "action": "approve", "approval": { "wait": "0s" } } } }
        """;

    // By the name of the grant: the policy of the three servers.
    private static readonly (string Name, string Policy)[] Grants =
    [
        ("open", Open), ("listed", Listed), ("asking", Asking),
        ("none", """{ "version": "1", "default": "allow", "apps": { "allow": false } }"""),
    ];

    private static readonly (string Name, string Package)[] Servers =
        [
            ("time", "server-basic-vanillajs"), ("budget", "server-budget-allocator"), ("pdf", "server-pdf"),
            ("accepted", "server-pdf"),
        ];

    private readonly TestFolder _folder = new("gateway-apps-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private GatewayProcess? _gateway;
    private WebApplication? _pages;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Browser.Executable is null || NodePackages.Missing is not null)
            return;
        _gateway = await GatewayProcess.StartAsync(
            _folder.File("gateway.json", Configuration()), Path.Combine(_folder.Path, "data"),
            "--server-wait", "60");
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        _pages = await ServeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await Browser.StartAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_pages is not null)
            await _pages.DisposeAsync();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    /// <summary>Opens the host's page and connects it to a server, or to all.</summary>
    internal async Task<(IPage Page, JsonElement Tools)> ConnectAsync(
        string grant, string? server, bool declares = true)
    {
        var context = await _browser!.NewContextAsync();
        context.SetDefaultTimeout((float)Soon.AtMost.TotalMilliseconds);
        // No test reaches the real origin.
        await context.RouteAsync($"{Origin}/**", static route => route.FulfillAsync(new()
        {
            Body = "real", Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" },
        }));
        var page = await context.NewPageAsync();
        var failed = new ConcurrentQueue<string>();
        page.RequestFailed += (_, request) => failed.Enqueue($"{request.Url}: {request.Failure}");
        await page.GotoAsync($"{_pages!.Urls.Single()}/apps/host.html");
        Assert.True(await page.EvaluateAsync<bool>("window.isReady === true"), string.Join('\n', failed));
        var tools = await page.EvaluateAsync<JsonElement>("given => connect(given)", new Dictionary<string, object?>
        {
            ["url"] = new Uri(_gateway!.Address, server is null ? "/mcp" : $"/mcp/{server}").ToString(),
            ["token"] = TokenOf(grant),
            ["declares"] = declares,
        });
        return (page, tools);
    }

    /// <summary>Calls a tool and displays its app.</summary>
    internal static Task<JsonElement> ShowAsync(IPage page, string tool) =>
        page.EvaluateAsync<JsonElement>("name => show({ name })", tool);

    /// <summary>The frame of the displayed app.</summary>
    internal static IFrame FrameOf(IPage page) => page.Frames.Single(static frame => frame.Name == "app");

    /// <summary>Sends a request to the admin API.</summary>
    internal async Task<JsonNode?> SendAsync(string method, string path, string body = "{}")
    {
        using var request = new HttpRequestMessage(new(method), new Uri(_gateway!.Address, $"/api/v1/{path}"))
        {
            Content = method == "GET" ? null : new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private static string TokenOf(string grant) => $"pgw_{grant}_0123456789abcdef0123456789";

    private static string Configuration()
    {
        var servers = Servers.Select(static one => $$"""
            "{{one.Name}}": { "command": "{{NodePackages.Node}}", "args": ["{{Path.Combine(NodePackages.Folder,
                "node_modules", "@modelcontextprotocol", one.Package, "dist", "index.js")}}", "--stdio"] }
            """);
        var grants = Grants.Select(static grant => $$"""
            "{{grant.Name}}": { "token": "{{TokenOf(grant.Name)}}", "servers": {
              "time": "{{grant.Name}}", "budget": "{{grant.Name}}", "pdf": "{{grant.Name}}" } }
            """).Append($$"""
            "accepted": { "token": "{{TokenOf("accepted")}}", "servers": { "accepted": "open" } }
            """);
        var policies = Grants.Select(static grant => $"\"{grant.Name}\": {grant.Policy}");
        return $$"""
            { "admin": { "key": "{{Key}}" }, "servers": { {{string.Join(',', servers)}} },
              "policies": { {{string.Join(',', policies)}} }, "grants": { {{string.Join(',', grants)}} } }
            """;
    }

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        foreach (var (path, folder) in ((string, string)[])[("/apps", "apps"), ("/modules", "node_modules")])
        {
            var types = new Microsoft.AspNetCore.StaticFiles.FileExtensionContentTypeProvider();
            types.Mappings[".mjs"] = "text/javascript";
            app.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(Path.Combine(NodePackages.Folder, folder)),
                RequestPath = path,
                ContentTypeProvider = types,
            });
        }

        await app.StartAsync();
        return app;
    }
}
