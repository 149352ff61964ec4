namespace Gateway.Server.Tests.Callers;

/// <summary>
/// A gateway whose grants are selected by tokens of a company's identity provider from npm (<c>oauth2-mock-server</c>).
/// </summary>
internal sealed class CallerBench : IAsyncDisposable
{
    public const string Origin = "https://gateway.example.com";
    public const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
    public const string AdminKey = "operator-key-0123456789";

    private readonly TestFolder _folder;
    private readonly GatewayHost _host;
    private readonly CompanyIssuer _issuer;

    private CallerBench(
        TestFolder folder, GatewayHost host, CompanyIssuer issuer, RecordingServer crm, RecordingServer erp)
    {
        (_folder, _host, _issuer) = (folder, host, issuer);
        (Crm, Erp) = (crm, erp);
    }

    public string Issuer => _issuer.Url;

    public string Folder => _folder.Path;

    public RecordingServer Crm { get; }

    public RecordingServer Erp { get; }

    public Uri Address => new(_host.Addresses[0]);

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    /// <param name="issuer">Further members of the issuer, each with a comma before it.</param>
    /// <param name="identity">Further members of <c>identity</c>, each with a comma before it.</param>
    /// <param name="audience">The audience of the issuer; null for the address that is called.</param>
    /// <param name="more">Further members of the configuration, each with a comma before it.</param>
    /// <param name="servers">Further servers, each with a comma after it.</param>
    /// <param name="grants">Further grants, each with a comma after it.</param>
    /// <param name="policy">The policy of all grants.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="crm">Further members of the server crm, each with a comma before it.</param>
    /// <param name="hashesSubjects">True if records contain digests of subjects.</param>
    /// <param name="hasOwnIssuer">True if the test replaces the keys of the provider or stops it.</param>
    /// <param name="listen">The origin of the gateway, at which it listens too; null for <see cref="Origin"/>.</param>
    /// <param name="console">The address of the console in links to requests for approval; null for none.</param>
    public static async Task<CallerBench> StartAsync(
        string issuer = "", string identity = "", string? audience = "gateway", string more = "",
        string grants = "", string servers = "",
        string policy = """{ "version": "1", "default": "allow" }""", TimeProvider? time = null,
        string? listen = null, string crm = "", bool hashesSubjects = false, bool hasOwnIssuer = false,
        Uri? console = null)
    {
        var company = await (hasOwnIssuer ? CompanyIssuer.StartAsync() : CompanyIssuer.Shared);
        var (first, second) = (await RecordingServer.StartAsync(), await RecordingServer.StartAsync());
        var folder = new TestFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "gateway.json"), Config(company.Url));
        var host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Program = Path.Combine(AppContext.BaseDirectory, "gateway.dll"),
                Extensions = DefaultExtensions.All,
                DataDirectory = Path.Combine(folder.Path, "data"),
                Listen = [listen ?? "http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = Path.Combine(folder.Path, "gateway.json") },
                DrainTime = TimeSpan.FromSeconds(2),
                Time = time ?? TimeProvider.System,
                Audit = new() { HashesSubjects = hashesSubjects },
                Approvals = new() { ConsoleUrl = console },
            },
            CancellationToken.None);
        return new CallerBench(folder, host, company, first, second);

        string Config(string at) => $$"""
            {
              "servers": { {{servers}} "crm": { "url": "{{first.Url}}" {{crm}} }, "erp": { "url": "{{second.Url}}" } },
              "policies": { "policy": {{policy}} },
              "publicUrl": "{{listen ?? Origin}}",
              "admin": { "key": "{{AdminKey}}" },
              "identity": { "issuers": { "corp": {
                "issuer": "{{at}}" {{(audience is null ? "" : $", \"audience\": \"{audience}\"")}} {{issuer}} } } {{identity}} },
              "grants": {
                {{grants}}
                "agent": { "server": "crm", "policy": "policy", "token": "{{TestTokens.Agent}}" },
                "support": { "servers": { "crm": "policy" }, "order": 20,
                  "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "agents" }] } },
                "finance": { "servers": { "crm": "policy", "erp": "policy" }, "order": 30,
                  "match": { "issuer": "corp", "claims": [{ "path": "groups", "op": "has", "value": "finance" }] } }
              }
              {{more}}
            }
            """;
    }

    /// <summary>Returns a token of a person.</summary>
    /// <param name="subject">The person.</param>
    /// <param name="groups">The person's groups.</param>
    public Task<string> TokenAsync(string subject, params string[] groups) =>
        SignAsync(new JsonObject
        {
            ["sub"] = subject,
            ["groups"] = new JsonArray([.. groups.Select(static one => (JsonNode)one)]),
        });

    /// <summary>Returns a token that the provider signs.</summary>
    public async Task<string> SignAsync(JsonObject claims, JsonObject? header = null, params string[] without)
    {
        var reply = await _issuer.SendAsync(new JsonObject
        {
            ["sign"] = claims,
            ["header"] = header ?? [],
            ["without"] = new JsonArray([.. without.Select(one => (JsonNode)one)]),
        });
        return (string)reply["token"]!;
    }

    /// <summary>Replaces the provider's keys.</summary>
    public Task RotateAsync() => _issuer.RotateAsync();

    /// <summary>Stops the gateway.</summary>
    public ValueTask StopAsync() => _host.DisposeAsync();

    /// <summary>Stops the provider.</summary>
    public ValueTask StopIssuerAsync() => _issuer.StopAsync();

    public async Task<HttpResponseMessage> SendAsync(
        string? token, string path = "/mcp/crm", string body = Ping, Action<HttpRequestMessage>? change = null,
        HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(Address, path));
        if (method is null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        change?.Invoke(request);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<int> StatusAsync(string? token, string path = "/mcp/crm", string body = Ping)
    {
        using var response = await SendAsync(token, path, body);
        return (int)response.StatusCode;
    }

    /// <summary>Writes the configuration again with a change.</summary>
    public async Task ChangeConfigAsync(string old, string replacement)
    {
        var path = Path.Combine(_folder.Path, "gateway.json");
        var text = await File.ReadAllTextAsync(path);
        Assert.Contains(old, text);
        await File.WriteAllTextAsync(path, text.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Returns a resource of the management API.</summary>
    public async Task<JsonNode?> AdminAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/api/v1/" + path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var response = await Client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync());
    }

    public IReadOnlyList<JsonElement> Records() => AuditTrail.Read(Path.Combine(_folder.Path, "data", "audit"));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
        await Crm.DisposeAsync();
        await Erp.DisposeAsync();
        _folder.Dispose();
    }
}
