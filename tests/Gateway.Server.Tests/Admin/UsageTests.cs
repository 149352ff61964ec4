namespace Gateway.Server.Tests.Admin;

/// <summary>Figures over time, and the records that they count.</summary>
public sealed class UsageTests : IAsyncLifetime
{
    private const string ToolCalls = "method=tools%2Fcall";
    private AdminBench _bench = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        _token = await _bench.ProvideAsync();
        // Three calls are allowed, two are limited, and one is denied; other methods are recorded, and are no calls.
        for (var call = 0; call < 5; call++)
            await _bench.CallAsync(_token);
        await PostAsync("tools/call", """{"name":"delete_customer","arguments":{}}""");
        await PostAsync("tools/list", "{}");
        await PostAsync("ping", "{}");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("outcome")]
    [InlineData("server")]
    [InlineData("grant")]
    [InlineData("tool")]
    [InlineData("policy")]
    public async Task Search_lists_exactly_the_calls_that_usage_counts(string by)
    {
        var usage = await GetAsync($"usage?since=5m&by={by}");
        var range = $"from={Instant(usage["since"])}&to={Instant(usage["until"])}&{ToolCalls}&kind=decision";

        Assert.Equal(6, (int)usage["calls"]!);
        Assert.Equal(6, await MatchedAsync(range));
        foreach (var row in usage["rows"]!.AsArray())
        {
            // A tool that no server has listed counts under a label, which no record has.
            if ((string)row!["name"]! is var name && name != "(other)")
            {
                Assert.Equal(
                    (int)row["calls"]!, await MatchedAsync($"{range}&{by}={Uri.EscapeDataString(name)}"));
            }
        }
    }

    [Fact]
    public async Task Search_lists_exactly_the_calls_of_each_point()
    {
        var usage = await GetAsync("usage?since=5m&by=outcome");
        var points = usage["points"]!.AsArray();
        var listed = 0;
        for (var at = 0; at < points.Count; at++)
        {
            var end = at + 1 < points.Count ? points[at + 1] : usage["until"];
            var matched = await MatchedAsync(
                $"from={Instant(points[at])}&to={Instant(end)}&{ToolCalls}&kind=decision");
            Assert.Equal(
                usage["rows"]!.AsArray().Sum(row => (int?)row!["callsOverTime"]![at] ?? 0), matched);
            listed += matched;
        }

        Assert.Equal(6, listed);
    }

    [Fact]
    public async Task Search_lists_exactly_the_results_and_failed_calls_that_usage_counts()
    {
        await _bench.SendAsync("PUT", "servers/gone", new JsonObject { ["url"] = "http://127.0.0.1:9/mcp" });
        var made = await _bench.SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = "unlucky",
            ["servers"] = new JsonObject { ["gone"] = "limited" },
        });
        await _bench.CallAsync((string)made.Json!["token"]!, server: "gone");

        // A result is counted and recorded after the client has its response.
        JsonNode usage = null!;
        var range = "";
        await Soon.UntilAsync(
            async () =>
            {
                usage = await GetAsync("usage?since=5m&by=server");
                range = $"from={Instant(usage["since"])}&to={Instant(usage["until"])}&{ToolCalls}&kind=outcome";
                return (int)usage["results"]!["count"]! >= 4 && await MatchedAsync(range) >= 4;
            },
            "the results are recorded");

        Assert.Equal((4, 1), ((int)usage["results"]!["count"]!, (int)usage["results"]!["errors"]!));
        Assert.Equal(4, await MatchedAsync(range));
        Assert.Equal(1, await MatchedAsync($"{range}&failed=true"));
        Assert.Equal(1, await MatchedAsync($"{range}&failed=true&server=gone"));
        Assert.NotNull(usage["results"]!["p95Ms"]);
        Assert.Equal(400, (await _bench.SendAsync("GET", "audit/search?failed=maybe")).Status);
    }

    [Fact]
    public async Task Limits_are_reported_with_their_use_and_maximum()
    {
        var usage = await GetAsync("usage?since=5m&by=budget&grant=bot");

        Assert.Empty(usage["rows"]!.AsArray());
        var limit = Assert.Single(usage["limits"]!.AsArray())!;
        Assert.Equal(
            ("lists", "crm", "bot", 3, 3),
            ((string?)limit["name"], (string?)limit["server"], (string?)limit["grant"], (int)limit["used"]!,
                (int)limit["max"]!));
        Assert.Equal(3, (int)limit["usedOverTime"]!.AsArray()[^1]!);
    }

    [Fact]
    public async Task Status_lists_a_limit_that_is_nearly_used_up()
    {
        var status = await GetAsync("status");

        var limit = Assert.Single(status["nearlyFull"]!.AsArray())!;
        Assert.Equal(("lists", 3, 3), ((string?)limit["name"], (int)limit["used"]!, (int)limit["max"]!));
        Assert.Contains(status["attention"]!.AsArray(), static one =>
            (string?)one!["text"] == "The limit lists of crm is used up" && (string?)one["severity"] == "info");
    }

    [Fact]
    public async Task Figures_by_caller_need_a_role_for_all_servers()
    {
        var key = await _bench.KeyOfAsync("ben", "viewer:crm");

        Assert.Equal(200, (await _bench.SendAsync("GET", "usage?by=tool", key: key)).Status);
        Assert.Equal(403, (await _bench.SendAsync("GET", "usage?by=caller", key: key)).Status);
        var usage = await GetAsync("usage?since=5m&by=caller");
        Assert.Equal(("audit log", 6), ((string?)usage["source"], (int)usage["calls"]!));
        Assert.Equal("(none)", (string?)Assert.Single(usage["rows"]!.AsArray())!["name"]);
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        var reply = await _bench.SendAsync("GET", path);
        Assert.Equal(200, reply.Status);
        return reply.Json!;
    }

    private async Task<int> MatchedAsync(string query) => (int)(await GetAsync($"audit/facets?{query}"))["matched"]!;

    private static string Instant(JsonNode? at) => Uri.EscapeDataString((string)at!);

    private async Task PostAsync(string method, string parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/crm");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Headers.Add("MCP-Protocol-Version", "2025-06-18");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Content = new StringContent(
            $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""",
            new MediaTypeHeaderValue("application/json"));
        using var response = await _bench.Client.SendAsync(request);
    }
}
