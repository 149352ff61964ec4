namespace Gateway.Cluster.Tests.Control;

/// <summary>An agent and an operator of one frontend.</summary>
internal sealed class FrontendClient(Uri address) : IDisposable
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Makes a grant over the API; its token.</summary>
    public async Task<string> GrantAsync(string name)
    {
        using var made = await AdminAsync(
            HttpMethod.Post, "grants", $$$"""{"name":"{{{name}}}","servers":{"srv":"policy"}}""");
        var body = await made.Content.ReadAsStringAsync();
        Assert.True(made.StatusCode == HttpStatusCode.Created, body);
        return JsonNode.Parse(body)!["token"]!.GetValue<string>();
    }

    /// <summary>What the frontend says it counts with.</summary>
    public async Task<string?> EngineAsync()
    {
        using var status = await AdminAsync(HttpMethod.Get, "status");
        return JsonNode.Parse(await status.Content.ReadAsStringAsync())!["engine"]!["kind"]!.GetValue<string>();
    }

    /// <summary>Where it says that this grant reaches a server.</summary>
    public async Task<string?> AddressOfAsync(string grant, string server)
    {
        using var shown = await AdminAsync(HttpMethod.Get, $"grants/{grant}");
        return JsonNode.Parse(await shown.Content.ReadAsStringAsync())!["urls"]?[server]?.GetValue<string>();
    }

    /// <summary>Revokes a grant over the API.</summary>
    public Task RevokeAsync(string name) => RemoveAsync($"grants/{name}");

    /// <summary>Removes what this path of the API is about.</summary>
    public async Task RemoveAsync(string path)
    {
        using var shown = await AdminAsync(HttpMethod.Get, path);
        using var removed = await AdminAsync(HttpMethod.Delete, path, match: shown.Headers.ETag);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
    }

    /// <summary>Makes an operator with an API key.</summary>
    public async Task AddOperatorAsync(string name)
    {
        using var made = await AdminAsync(
            HttpMethod.Post, "operators", $$"""{"name":"{{name}}","roles":["viewer"]}""");
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var key = await AdminAsync(HttpMethod.Post, $"operators/{name}/keys", """{"name":"own"}""");
        Assert.Equal(HttpStatusCode.Created, key.StatusCode);
    }

    /// <summary>
    /// What a call with this token is answered; asked again, half a minute at most, while a frontend that a busy
    /// machine starves of its documents denies everybody, and where the call was closed without an answer because its
    /// grant was revoked just then.
    /// </summary>
    public async Task<HttpStatusCode> StatusAsync(string token)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var i = 0; ; i++)
        {
            try
            {
                using var answer = await PingAsync(token);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || i == 600) return answer.StatusCode;
            }
            catch (HttpRequestException) when (i < 600)
            {
                // A call that is under way ends with its grant.
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Calls until the answer is this one, for half a minute at most: a busy machine is slow.</summary>
    public async Task<HttpStatusCode> UntilAsync(HttpStatusCode status, string token)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var seen = await StatusAsync(token);
        for (var i = 0; i < 600 && seen != status; i++)
        {
            await timer.WaitForNextTickAsync();
            seen = await StatusAsync(token);
        }

        return seen;
    }

    /// <summary>One call, in a session if there is one.</summary>
    public Task<HttpResponseMessage> PingAsync(string token, string? session = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/srv")
        {
            Content = new StringContent(Ping, Encoding.UTF8, "application/json"),
            Headers =
            {
                Authorization = new AuthenticationHeaderValue("Bearer", token),
                Accept = { new("application/json"), new("text/event-stream") },
            },
        };
        if (session is not null) request.Headers.Add("Mcp-Session-Id", session);
        return _http.SendAsync(request);
    }

    public void Dispose() => _http.Dispose();

    private Task<HttpResponseMessage> AdminAsync(
        HttpMethod method, string path, string? body = null, EntityTagHeaderValue? match = null)
    {
        var request = new HttpRequestMessage(method, "/api/v1/" + path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", AgentConfig.AdminKey) },
        };
        if (match is not null) request.Headers.IfMatch.Add(match);
        return _http.SendAsync(request);
    }
}
