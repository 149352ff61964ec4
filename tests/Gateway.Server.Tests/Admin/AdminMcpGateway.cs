namespace Gateway.Server.Tests.Admin;

/// <summary>A gateway process with <c>--admin-mcp</c>, whose policy asks a person about one tool.</summary>
public sealed class AdminMcpGateway : IAsyncLifetime, IDisposable
{
    public const string AdminKey = "admin-key-of-this-test";

    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": {
            "t": {},
            "refund": { "action": "approve", "reason": "A person approves refunds.",
              "approval": { "expires": "15m", "wait": "0s" } }
          },
          "tests": [ { "name": "t is allowed", "call": { "tool": "t" }, "expect": "allow" } ]
        }
        """;

    private readonly TestFolder _folder = new("gateway-admin-mcp-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private RecordingServer _server = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    /// <summary>The key of an operator with the role <c>agent</c>.</summary>
    internal string AgentKey { get; private set; } = null!;

    internal string Audit => Path.Combine(_folder.Path, "data", "audit");

    internal Uri Endpoint => new(Gateway.Address, "/admin/mcp");

    internal static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        var config = TestConfig.Write(
            _folder.Path, _server.Url, Policy, $$""", "admin": { "key": "{{AdminKey}}" }""");
        Gateway = await GatewayProcess.StartAsync(config, Path.Combine(_folder.Path, "data"), "--admin-mcp");
        AgentKey = await KeyOfAsync("watcher", "agent");
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    /// <summary>Creates an operator, and returns a key of it.</summary>
    internal async Task<string> KeyOfAsync(string name, params string[] roles)
    {
        var body = new JsonObject
        {
            ["name"] = name,
            ["roles"] = new JsonArray([.. roles.Select(static role => (JsonNode)role)]),
            ["password"] = "a-long-password-of-this-test",
        };
        Assert.Equal(201, (await ApiAsync("POST", "operators", body)).Status);
        var made = await ApiAsync("POST", $"operators/{name}/keys", new JsonObject { ["name"] = "test" });
        return (string)made.Json!["key"]!;
    }

    internal async Task<(int Status, JsonNode? Json)> ApiAsync(
        string method, string path, JsonNode? body = null, string key = AdminKey)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Gateway.Address, $"/api/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Calls a tool as an agent with a grant; returns the HTTP status and the response.</summary>
    internal async Task<(int Status, string Text)> CallAsGrantAsync(string tool, string token = TestTokens.Agent)
    {
        using var client = Gateway.Client(token);
        using var body = new StringContent(
            $$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{tool}}","arguments":{"amount":5} } }
            """,
            new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", body);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a list request to the MCP server, as <paramref name="change"/> says.</summary>
    internal async Task<HttpResponseMessage> PostAsync(Action<HttpRequestMessage> change, string? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint)
        {
            Content = new StringContent(
                body ?? """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""",
                new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        change(request);
        return await _http.SendAsync(request);
    }

    internal async Task<McpClient> ConnectAsync(string? version = null, string? key = null) =>
        await McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = Endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {key ?? AgentKey}" },
        }),
        OfficialOptions.Speaking(version), cancellationToken: Deadline);

    /// <summary>The audit records of one kind.</summary>
    internal IReadOnlyList<JsonElement> Records(string kind) =>
        [.. AuditTrail.Read(Audit)
            .Where(record => record.GetProperty("kind").GetString() == kind)];
}
