using Gateway.Admin.Backtesting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Server.Tests.Admin;

/// <summary>A gateway that starts with nothing, its admin key, and the sample server to put behind it.</summary>
internal sealed class AdminBench : IAsyncDisposable
{
    public const string Limited = """
        {
          "version": "1", "default": "deny",
          "tools": { "list_customers": { "limits": [ { "counter": "lists", "window": "month", "max": 3 } ] } }
        }
        """;

    private readonly TestFolder _folder;

    private AdminBench(GatewayHost host, SampleMcpServer server, TestFolder folder)
    {
        (Host, Server, _folder) = (host, server, folder);
        AdminKey = host.NewAdminKey ?? ConfiguredKey;
        Client = ClientOf(host);
    }

    public GatewayHost Host { get; private set; }

    public SampleMcpServer Server { get; }

    public string Folder => _folder.Path;

    /// <summary>The key to name in a configuration file: then gateways can have the same.</summary>
    public const string ConfiguredKey = "the-same-admin-key-of-all-0123456789";

    public string AdminKey { get; }

    public HttpClient Client { get; private set; }

    /// <param name="config">The configuration file; null: none.</param>
    /// <param name="time">Null: the system's.</param>
    /// <param name="policy">A policy file beside it, <c>open.json</c>.</param>
    public static async Task<AdminBench> StartAsync(
        string? config = null, TimeProvider? time = null, string? policy = null)
    {
        var folder = new TestFolder("gateway-admin-");
        var server = await SampleMcpServer.StartAsync(CancellationToken.None);
        var path = Path.Combine(folder.Path, "gateway.json");
        if (policy is not null)
            await File.WriteAllTextAsync(Path.Combine(folder.Path, "open.json"), policy);
        if (config is not null)
            await File.WriteAllTextAsync(path, config);
        var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Extensions = DefaultExtensions.All,
                DataDirectory = Path.Combine(folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                Time = time ?? TimeProvider.System,
                ConfigFile = new() { Path = config is null ? null : path },
            },
            CancellationToken.None);
        return new AdminBench(host, server, folder);
    }

    /// <summary>Ends the gateway, and starts another over its data after <paramref name="between"/>.</summary>
    public async Task RestartAsync(Action between, TimeProvider time)
    {
        Client.Dispose();
        await Host.DisposeAsync();
        between();
        Host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Extensions = DefaultExtensions.All,
                DataDirectory = Path.Combine(Folder, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                Time = time,
            },
            CancellationToken.None);
        Client = ClientOf(Host);
    }

    private static HttpClient ClientOf(GatewayHost host) => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri(host.Addresses[0]),
    };

    /// <summary>Makes the server <c>crm</c>, the policy <c>limited</c>, the grant <c>bot</c>; its token.</summary>
    public async Task<string> ProvideAsync()
    {
        await SendAsync("PUT", "servers/crm", new JsonObject { ["url"] = Server.Address.ToString() });
        await SendAsync("PUT", "policies/limited", JsonNode.Parse(Limited));
        var created = await SendAsync("POST", "grants", GrantBody("bot"));
        return created.Json!["token"]!.GetValue<string>();
    }

    /// <summary>Sets the frontends that a replay may read, as <c>--fleet</c> does at the start.</summary>
    public void SetFleet(params string[] members) =>
        Host.Services.GetRequiredService<BacktestOptions>().Fleet = [.. members.Select(static one => new Uri(one))];

    /// <summary>A key <c>test</c> of an operator, who is made where there is none of the name.</summary>
    public async Task<string> KeyOfAsync(string name, params string[] roles)
    {
        var body = new JsonObject
        {
            ["name"] = name,
            ["roles"] = new JsonArray([.. roles.Select(static role => JsonValue.Create(role))]),
        };
        await SendAsync("POST", "operators", body);
        var made = await SendAsync("POST", $"operators/{name}/keys", new JsonObject { ["name"] = "test" });
        Assert.True(made.Status == 201, made.Json?.ToJsonString());
        return (string)made.Json!["key"]!;
    }

    public static JsonObject GrantBody(string? name) => new()
    {
        ["name"] = name,
        ["servers"] = new JsonObject { ["crm"] = "limited" },
    };

    public async Task<AdminReply> SendAsync(
        string method, string path, JsonNode? body = null, string? ifMatch = null, string? key = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key ?? AdminKey);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new AdminReply(
            (int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers.ETag?.Tag);
    }

    /// <summary>Calls the limited tool as an agent; HTTP status and whether the model was refused.</summary>
    public async Task<(int Status, bool IsError)> CallAsync(
        string token, string arguments = "{}", string server = "crm")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/mcp/{server}")
        {
            Content = new StringContent(
                """
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_customers","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}
                """.Replace("\"arguments\":{}", $"\"arguments\":{arguments}", StringComparison.Ordinal),
                Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2026-07-28");
        request.Headers.TryAddWithoutValidation("Mcp-Method", "tools/call");
        request.Headers.TryAddWithoutValidation("Mcp-Name", "list_customers");
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Contains("Policy violation", StringComparison.Ordinal));
    }

    public IReadOnlyList<JsonElement> Changes() =>
        [.. AuditTrail.Read(Path.Combine(Folder, "data", "audit"))
            .Where(record => record.GetProperty("kind").GetString() == "change")];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
