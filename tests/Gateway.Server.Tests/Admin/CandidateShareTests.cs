namespace Gateway.Server.Tests.Admin;

/// <summary>A candidate that decides for a percentage of the sessions.</summary>
public sealed class CandidateShareTests : IAsyncLifetime
{
    private const string Path = "policies/shared/candidate";
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private AdminBench _bench = null!;
    private RecordingServer _server = null!;
    private string _token = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync();
        _server = await RecordingServer.StartAsync();
        _server.Answer = AnswerAsync;
        await _bench.SendAsync("PUT", "servers/till", new JsonObject { ["url"] = $"{_server.Url}" });
        await _bench.SendAsync("PUT", "policies/shared", JsonNode.Parse(Policy("pays", 100)));
        var grant = new JsonObject { ["name"] = "bot", ["servers"] = new JsonObject { ["till"] = "shared" } };
        _token = (string)(await _bench.SendAsync("POST", "grants", grant)).Json!["token"]!;
    }

    public async Task DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/mcp/till", "pay")]
    [InlineData("/mcp", "till__pay")]
    public async Task Each_session_keeps_its_policy_and_all_count_together(string address, string tool)
    {
        var candidate = await PutAsync(Policy("pays", 3), 50);
        Assert.Equal((200, 50), (candidate.Status, (int)candidate.Json!["percent"]!));
        var sessions = new List<string>();
        while (sessions.Count < 20)
            sessions.Add(await OpenAsync(address));
        foreach (var session in sessions.Concat(sessions))
            await CallAsync(address, tool, session);

        var decisions = AuditTrail.Read(System.IO.Path.Combine(_bench.Folder, "data", "audit"))
            .Where(static one => one.GetProperty("kind").GetString() == "decision"
                && one.GetProperty("method").GetString() == "tools/call").ToList();
        var tried = (string)candidate.Json["sha256"]!;
        Assert.Equal(40, decisions.Count);
        Assert.Equal(20, decisions.GroupBy(static one => one.GetProperty("session").GetString())
            .Select(static one => Assert.Single(one.Select(Decider).Distinct())).Count());
        Assert.Equal(2, decisions.Select(Decider).Distinct().Count());
        var used = 0;
        foreach (var one in decisions)
        {
            var isAllowed = Decider(one) != tried || used < 3;
            used += isAllowed ? 1 : 0;
            Assert.Equal(isAllowed ? "allowed" : "rate_limited", one.GetProperty("outcome").GetString());
        }

        static string? Decider(JsonElement one) => one.GetProperty("policySha256").GetString();
    }

    [Fact]
    public async Task Denies_a_share_of_sessions_that_would_count_on_other_counters()
    {
        var apart = await PutAsync(Policy("other", 3), 10);
        Assert.Equal(422, apart.Status);
        Assert.Contains("different counters", apart.Json!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(422, (await PutAsync(Policy("pays", 3), 101)).Status);

        await PutAsync(Policy("pays", 3), 10);
        var set = await _bench.SendAsync(
            "PUT", "policies/shared", JsonNode.Parse(Policy("other", 100)), ifMatch: "*");

        Assert.Contains("no longer decide for any", set.Json!["warnings"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static string Policy(string counter, int max) => $$"""
        { "version": "1", "default": "allow",
          "tools": { "pay": { "limits": [ { "counter": "{{counter}}", "window": "month", "max": {{max}} } ] } } }
        """;

    private static async Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (request.Text.Contains("\"initialize\"", StringComparison.Ordinal))
            http.Response.Headers["Mcp-Session-Id"] = Guid.NewGuid().ToString("N");
        if (request.Text.Contains("notifications/", StringComparison.Ordinal))
        {
            http.Response.StatusCode = 202;
            return;
        }

        var id = JsonNode.Parse(request.Text)!["id"]!.ToJsonString();
        await RecordingServer.JsonAsync(
            http, """{"jsonrpc":"2.0","id":ID,"result":{"content":[],"tools":[{"name":"pay","inputSchema":{"type":"object"}}],"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}}"""
                .Replace("ID", id, StringComparison.Ordinal));
    }

    private Task<AdminReply> PutAsync(string text, int percent) => _bench.SendAsync(
        "PUT", Path, new JsonObject { ["text"] = text, ["percent"] = percent });

    private async Task<string> OpenAsync(string address)
    {
        using var response = await PostAsync(address, Initialize, null);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task CallAsync(string address, string tool, string session)
    {
        using var response = await PostAsync(
            address,
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"TOOL","arguments":{}}}""".Replace(
                "TOOL", tool, StringComparison.Ordinal),
            session);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(string address, string body, string? session)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        return _bench.Client.SendAsync(request);
    }
}
