namespace Gateway.Server.Tests.Money;

/// <summary>A gateway in front of a recording server, with one tool that spends.</summary>
internal sealed class SpendCap : IAsyncDisposable
{
    private SpendCap(RecordingServer server, TestGateway gateway) => (Server, Gateway) = (server, gateway);

    public RecordingServer Server { get; }

    public TestGateway Gateway { get; }

    /// <param name="limits">The limits of the tool <c>pay</c>; by default 100 a month, counted by its amount.</param>
    /// <param name="time">Null: the system's.</param>
    public static async Task<SpendCap> StartAsync(
        string limits = """{ "counter": "spent", "window": "month", "max": 100, "increment_from": "args.amount" }""",
        TimeProvider? time = null)
    {
        var server = await RecordingServer.StartAsync();
        var policy = $$"""{ "version": "1", "default": "deny", "tools": { "pay": { "limits": [ {{limits}} ] } } }""";
        return new SpendCap(server, await TestGateway.StartAsync(server.Url, policy, time: time));
    }

    public static string Body(string amount) =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{"amount":{{{amount}}} } } }""";

    /// <summary>Pays, whatever comes back, to the end of the answer or of the connection.</summary>
    public async Task PayAsync(string amount)
    {
        try
        {
            using var response = await Gateway.PostAsync(Body(amount));
            await response.Content.ReadAsByteArrayAsync();
        }
        catch (HttpRequestException)
        {
            // The server broke off, and so did the gateway.
        }
    }

    /// <summary>True where the call reached the server.</summary>
    public async Task<bool> PaysAsync(string amount)
    {
        var before = Server.Requests.Count;
        await PayAsync(amount);
        return Server.Requests.Count > before;
    }

    /// <summary>What the agent reads in <c>_meta</c> when it is refused.</summary>
    public async Task<JsonElement> RefusalAsync(string amount)
    {
        using var response = await Gateway.PostAsync(Body(amount));
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return answer.RootElement.GetProperty("result").GetProperty("_meta")
            .GetProperty("policy-gateway/decision").Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Server.DisposeAsync();
    }
}
