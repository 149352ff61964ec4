namespace Gateway.Acquire.Tests.Serving;

/// <summary>The program with budgets that services charge over HTTP, and a service's key.</summary>
public sealed class BudgetService : IAsyncLifetime, IAsyncDisposable
{
    private const string Config = """
        {
          "admin": { "key": "the-admin-key-of-this-test-0123456789" },
          "budgets": {
            "mail": { "window": "365d", "max": 10, "services": ["billing"] },
            "calls": { "window": "365d", "max": 5, "keyed": true, "services": ["*"] },
            "spare": { "window": "365d", "max": 5, "refundable": true, "services": ["*"] }
          }
        }
        """;

    private readonly TestFolder _folder = new("gateway-budgets-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private GatewayProcess _gateway = null!;

    public const string AdminKey = "the-admin-key-of-this-test-0123456789";

    /// <summary>Where services charge.</summary>
    public Uri Address => _gateway.Addresses[1];

    /// <summary>Where agents are served.</summary>
    public Uri Agents => _gateway.Addresses[0];

    /// <summary>A key of the operator <c>billing</c>, who has the role <c>service</c>.</summary>
    public string Key { get; private set; } = "";

    public static async Task<BudgetService> StartAsync()
    {
        var service = new BudgetService();
        await service.InitializeAsync();
        return service;
    }

    public async Task InitializeAsync()
    {
        _folder.File("gateway.json", Config);
        await RunAsync();
        Key = await KeyOfAsync("billing", "service");
    }

    /// <summary>A client with the service's key; it is the caller's.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = Address,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) },
    };

    public async Task<string> KeyOfAsync(string name, string role)
    {
        var operators = new Uri(Agents, "/api/v1/operators");
        var made = await PostAsync(operators, $$"""{ "name": "{{name}}", "roles": ["{{role}}"] }""", AdminKey);
        Assert.Equal(201, made.Status);
        var (_, key) = await PostAsync(
            new Uri($"{operators}/{name}/keys"), """{ "name": "test" }""", AdminKey);
        return (string)key!["key"]!;
    }

    /// <summary><c>kill -9</c>, and the program again over the same folder.</summary>
    public async Task KillAndRunAsync()
    {
        await _gateway.KillAsync();
        await _gateway.DisposeAsync();
        await RunAsync();
    }

    public Task<(int Status, JsonNode? Json)> AskAsync(string path, string body, string? key = null) =>
        PostAsync(new Uri(Address, path), body, key ?? Key);

    public Task<(int Status, JsonNode? Json)> MailAsync(string id, int cost = 1) => AskAsync(
        "/v1/acquire", $$"""{ "id": "{{id}}", "costs": [ { "budget": "mail", "cost": {{cost}} } ] }""");

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address)
    {
        using var request = new HttpRequestMessage(method, address);
        return await _client.SendAsync(request);
    }

    private async Task<(int Status, JsonNode? Json)> PostAsync(Uri address, string body, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/json")),
        };
        if (key.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
    }

    private async Task RunAsync() => _gateway = await GatewayProcess.StartAsync(
        Path.Combine(_folder.Path, "gateway.json"), Path.Combine(_folder.Path, "data"),
        "--acquire-listen", "http://127.0.0.1:0");

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        _folder.Dispose();
    }
}
