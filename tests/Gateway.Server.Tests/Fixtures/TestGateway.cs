using Gateway.Control.Memory;

namespace Gateway.Server.Tests.Fixtures;

/// <summary>A real gateway on a free port with one server, one policy and one grant, in a folder of its own.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly GatewayHost _host;
    private readonly TestFolder _folder;

    private TestGateway(GatewayHost host, TestFolder folder) => (_host, _folder) = (host, folder);

    public string Folder => _folder.Path;

    public Uri Address => new(_host.Addresses[0]);

    public Uri Endpoint => new(Address, "/mcp/srv");

    public GatewayHost Host => _host;

    /// <summary>The administrator's key, which a new folder's first start makes.</summary>
    public string AdminKey => _host.NewAdminKey!;

    public string ConfigPath => Path.Combine(Folder, "gateway.json");

    /// <summary>
    /// Never reused connections between tests; no proxy, no redirects: what the gateway says is what is seen.
    /// </summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Agent) },
    };

    public static Task<TestGateway> StartAsync(RecordingServer server, string policy) => StartAsync(server.Url, policy);

    /// <summary>In front of a server that keeps streams open, which do not hold up the end of a test.</summary>
    public static Task<TestGateway> StartAsync(Uri server, string policy) =>
        StartAsync(server.ToString(), policy, drainTime: TimeSpan.FromSeconds(2));

    /// <param name="serverUrl">The server behind it.</param>
    /// <param name="policy">The policy of its grants.</param>
    /// <param name="more">Further members of the configuration, with a comma before them.</param>
    /// <param name="time">Null: the system's.</param>
    /// <param name="after">A gateway that was stopped, to go on in its folder; null: a new one.</param>
    /// <param name="listen">Where it listens; by default at a free port.</param>
    /// <param name="countersMax">The most counters; null: as many as the memory holds.</param>
    /// <param name="drainTime">How long its end waits for open calls; null: as long as it does by default.</param>
    /// <param name="consoleUrl">Where people reach the console; null: agents are told no link.</param>
    /// <param name="memory">Bytes that requests and answers may hold; null: a part of this machine's.</param>
    public static async Task<TestGateway> StartAsync(
        string serverUrl, string policy, string more = "", TimeProvider? time = null, TestGateway? after = null,
        string listen = "http://127.0.0.1:0", int? countersMax = null, long? memory = null,
        TimeSpan? drainTime = null, Uri? consoleUrl = null)
    {
        var folder = after?._folder ?? new TestFolder();
        var config = TestConfig.Write(folder.Path, serverUrl, policy, more);
        var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Extensions = DefaultExtensions.All,
                DataDirectory = Path.Combine(folder.Path, "data"),
                Listen = [listen],
                Quiet = true,
                ConfigFile = new() { Path = config },
                CountersMax = countersMax,
                Memory = memory is { } bytes ? MemoryBudgetOptions.OfAll(bytes) : null,
                DrainTime = drainTime,
                Approvals = new() { ConsoleUrl = consoleUrl },
                Time = time ?? TimeProvider.System,
            },
            CancellationToken.None);
        return new TestGateway(host, folder);
    }

    /// <summary>Posts a body as an MCP client would.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, Action<HttpRequestMessage>? change = null) =>
        PostAsync(Encoding.UTF8.GetBytes(body), change);

    public async Task<HttpResponseMessage> PostAsync(byte[] body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        change?.Invoke(request);
        return await Client.SendAsync(request);
    }

    public async Task<JsonElement> CallToolAsync(string tool, string arguments = "{}", string id = "1")
    {
        using var response = await PostAsync(
            $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""");
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode} {answer}");
        return JsonDocument.Parse(answer).RootElement;
    }

    public IReadOnlyList<JsonElement> AuditRecords() => AuditTrail.Read(Path.Combine(Folder, "data", "audit"));

    /// <summary>Returns the record of how the last of these calls ended, written after its response.</summary>
    public async Task<JsonElement> OutcomeAsync(int calls = 1)
    {
        await Soon.UntilAsync(() => AuditRecords().Count(IsOutcome) >= calls, "the outcome is on record");
        var outcomes = AuditRecords().Where(IsOutcome).ToList();
        Assert.Equal(calls, outcomes.Count);
        return outcomes[^1];

        static bool IsOutcome(JsonElement record) => record.GetProperty("kind").GetString() == "outcome";
    }

    /// <summary>The health of the server, as the API shows it.</summary>
    public async Task<JsonElement> ServerHealthAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/api/v1/servers/srv"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var answer = await Client.SendAsync(request);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("health");
    }

    /// <summary>Stops the gateway and leaves its folder, so that what it left can be read.</summary>
    public ValueTask DisposeHostAsync() => _host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
