namespace Gateway.Fleet.Tests.Upgrade;

/// <summary>This version's gateway over what an older one left, with the server that it knew.</summary>
internal sealed class UpgradeBench : IAsyncDisposable
{
    private readonly KeptState _kept;
    private readonly TestFolder _folder = new("gateway-upgrade-");

    private UpgradeBench(KeptState kept, RecordingServer server) => (_kept, Server) = (kept, server);

    public RecordingServer Server { get; }

    public string Data => Path.Combine(_folder.Path, "data");

    public static async Task<UpgradeBench> StartAsync(KeptState kept) =>
        new(kept, await RecordingServer.StartAsync(port: kept.ServerPort));

    /// <summary>Unpacks the data directory that was kept.</summary>
    public void UnpackData()
    {
        using var tar = Process.Start("tar", ["-xzf", _kept.PathOf("data.tar.gz"), "-C", _folder.Path]);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
    }

    /// <param name="now">The time that the gateway sees when it starts; null: as it is.</param>
    /// <param name="more">Further options of <c>gateway run</c>.</param>
    public Task<GatewayProcess> StartGatewayAsync(DateTimeOffset? now, params string[] more)
    {
        var config = Path.Combine(_folder.Path, "gateway.json");
        var oauth = _kept.HasSignIns ? """, "oauth": { "issuer": "http://127.0.0.1:18733" }""" : "";
        File.WriteAllText(config, $$"""{ "admin": { "key": "{{_kept["key"]}}" }{{oauth}} }""");
        var place = new GatewayPlace
        {
            Environment = now is { } at
                ? FakeTime.Shift(SecondsUntil(at).ToString("+0;-0", null)).ToDictionary()
                : new Dictionary<string, string>(),
        };
        return GatewayProcess.StartAsync(place, config, Data, more);
    }

    private static double SecondsUntil(DateTimeOffset at) => (at - TimeProvider.System.GetUtcNow()).TotalSeconds;

    /// <summary>
    /// Calls a tool with a kept token, within the session that the older version bound; again, for a while, where a
    /// busy machine keeps the gateway from its store.
    /// </summary>
    public async Task<(int Status, string Body)> CallAsync(
        GatewayProcess gateway, string token, string tool, string arguments)
    {
        var answer = (Status: 0, Body: "");
        await Soon.UntilAsync(async () =>
        {
            answer = await CallOnceAsync(gateway, token, tool, arguments);
            return !answer.Body.Contains("\"unavailable\"", StringComparison.Ordinal);
        }, $"{tool} is served or refused");
        return answer;
    }

    private async Task<(int Status, string Body)> CallOnceAsync(
        GatewayProcess gateway, string token, string tool, string arguments)
    {
        using var client = gateway.Client(_kept[token]);
        using var content = new StringContent(
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""",
            Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        if (token == "bot")
            content.Headers.TryAddWithoutValidation("Mcp-Session-Id", _kept["session"]);
        content.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2025-06-18");
        using var answer = await client.PostAsync(new Uri(gateway.Address, "/mcp/crm"), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the admin API answers.</summary>
    public async Task<JsonNode> ReadAsync(GatewayProcess gateway, string path)
    {
        using var client = gateway.Client(_kept["key"]);
        return JsonNode.Parse(await client.GetStringAsync(new Uri(gateway.Address, "/api/v1/" + path)))!;
    }

    /// <summary>Has the admin API do something, and returns what it answers.</summary>
    public async Task<JsonNode> PostAsync(
        GatewayProcess gateway, string path, string body, string? ifMatch = null)
    {
        using var client = gateway.Client(_kept["key"]);
        using var content = new StringContent(
            body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        if (ifMatch is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("If-Match", ifMatch);
        using var answer = await client.PostAsync(new Uri(gateway.Address, "/api/v1/" + path), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
