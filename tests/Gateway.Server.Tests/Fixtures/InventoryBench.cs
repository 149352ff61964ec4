namespace Gateway.Server.Tests.Fixtures;

/// <summary>A gateway in front of a server that changes, asked by an operator and by an agent.</summary>
internal sealed class InventoryBench : IAsyncDisposable
{
    public const string Key = "an_admin_key_for_tests_0123456789";

    private readonly TestFolder _folder = new();
    private readonly TimeSpan _every;
    private GatewayHost? _host;

    private InventoryBench(ChangingServer server, TimeSpan every) => (Server, _every) = (server, every);

    public ChangingServer Server { get; }

    public Uri Address => new(_host!.Addresses[0]);

    public string Folder => _folder.Path;

    public IServiceProvider Services => _host!.Services;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false });

    /// <param name="policy">The policy of the agent.</param>
    /// <param name="every">How often the server is asked; zero: only where a test does.</param>
    /// <param name="tools">What it offers at first.</param>
    public static async Task<InventoryBench> StartAsync(string policy, TimeSpan every, params string[] tools)
    {
        var bench = new InventoryBench(await ChangingServer.StartAsync(tools), every);
        TestConfig.Write(
            bench.Folder, bench.Server.Url, policy, $$""", "admin": { "key": "{{Key}}" }""");
        await bench.RestartAsync();
        return bench;
    }

    /// <summary>Stops the gateway and starts another over what it left.</summary>
    public async Task RestartAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Extensions = DefaultExtensions.All,
                DataDirectory = Path.Combine(Folder, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = Path.Combine(Folder, "gateway.json") },
                Inventories = new() { Every = _every },
            },
            CancellationToken.None);
    }

    /// <summary>Asks the admin API.</summary>
    public async Task<(int Status, JsonObject Body)> AskAsync(string path, string method = "GET", JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, $"/api/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
    }

    /// <summary>The names of the tools in the inventory.</summary>
    public async Task<string[]> NamesAsync()
    {
        var (status, body) = await AskAsync("catalogue/srv");
        return status == 200 ? [.. body["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!)] : [];
    }

    /// <summary>What the agent's request is answered with.</summary>
    public async Task<JsonNode> AgentAsync(string method, string parameters = "{}")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/mcp/srv"))
        {
            Content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"{{{method}}}","params":{{{parameters}}}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            text = text.Split('\n').Last(static line => line.StartsWith("data: ", StringComparison.Ordinal))[6..];
        return JsonNode.Parse(text)!;
    }

    /// <summary>The rule that a call was refused by; null where it went through.</summary>
    public async Task<string?> CallAsync(string tool)
    {
        var answer = await AgentAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{} }""");
        return (string?)answer["result"]!["_meta"]?["policy-gateway/decision"]?["rule"];
    }

    /// <summary>The tools that the agent sees.</summary>
    public async Task<string[]> ListedAsync()
    {
        var answer = await AgentAsync("tools/list");
        return [.. answer["result"]!["tools"]!.AsArray().Select(static tool => (string)tool!["name"]!)];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
