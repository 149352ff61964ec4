using Gateway.Server.Tests.Extensions;

namespace Gateway.Server.Tests.Connect;

/// <summary>Approved calls of clients that signed in, made after their access tokens have expired.</summary>
public sealed class SignInTaskTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow(), isStill: true);
    private ConnectBench _bench = null!;
    private string _client = "";
    private string _access = "";
    private string _refresh = "";

    public async Task InitializeAsync()
    {
        _bench = await ConnectBench.StartAsync(_time);
        await _bench.AdminAsync("PUT", "policies/asks", JsonNode.Parse("""
            { "version": "1", "default": "deny", "tools": {
              "read": { "action": "approve", "approval": { "wait": "0s", "expires": "8h" } } } }
            """));
        (_client, var pkce) = (await _bench.RegisterAsync(), new Pkce());
        await _bench.SignInAsync();
        var asked = await ConnectBench.PageAsync(_bench.Browser, ConnectBench.Question(_client, pkce));
        var (status, html, _) = await _bench.AnswerAsync(asked.Html, changes: ("policy", "asks"));
        Assert.True(status == 200, html);
        var tokens = await _bench.RedeemAsync(_client, ConnectBench.Answer(html)["code"], pkce);
        (_access, _refresh) = ((string)tokens.Json["access_token"]!, (string)tokens.Json["refresh_token"]!);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Call_of_a_sign_in_whose_access_token_has_expired_is_made()
    {
        var task = (string)(await SendAsync("tools/call", """{"name":"read"}""", "read"))["result"]!["taskId"]!;
        _time.Jump(TimeSpan.FromHours(3));

        await ApproveAsync();

        await Soon.UntilAsync(() => _bench.Forwarded.Any(), "the call is made");
        _access = (string)(await _bench.RefreshAsync(_client, _refresh)).Json["access_token"]!;
        Assert.Equal("done", await EndAsync(task));
        Assert.Single(_bench.Forwarded);
    }

    [Fact]
    public async Task Call_of_a_sign_in_that_the_client_ended_is_not_made()
    {
        await SendAsync("tools/call", """{"name":"read"}""", "read");
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("client_id", _client), KeyValuePair.Create("token", _refresh)]);
        using var revoked = await _bench.Program.PostAsync("/revoke", form);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);

        await ApproveAsync();

        await Soon.UntilAsync(
            () => _bench.Gateway.AuditRecords().Any(static record =>
                record.TryGetProperty("became", out var became) && became.GetString() == "unsent"),
            "the end is on record");
        Assert.Empty(_bench.Forwarded);
    }

    private async Task ApproveAsync()
    {
        var (_, open) = await _bench.AdminAsync("GET", "approvals?state=open");
        var id = (string)open!["items"]![0]!["id"]!;
        Assert.Equal(200, (await _bench.AdminAsync("POST", $"approvals/{id}/approve", new JsonObject())).Status);
    }

    private async Task<string> EndAsync(string task)
    {
        JsonNode state = null!;
        await Soon.UntilAsync(async () =>
        {
            state = (await SendAsync("tasks/get", $$"""{"taskId":"{{task}}"}""", task))["result"]!;
            return (string)state["status"]! != "working";
        }, "the task has ended");
        return (string)state["result"]!["content"]![0]!["text"]!;
    }

    private async Task<JsonNode> SendAsync(string method, string parameters, string name)
    {
        var meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
            + $"\"io.modelcontextprotocol/clientCapabilities\":{ApprovalTaskBench.Declared}}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/srv")
        {
            Content = new StringContent(
                $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":""" + parameters[..^1] + "," + meta + "}}",
                Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _access);
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", name);
        using var response = await _bench.Program.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/json", text);
        return JsonNode.Parse(text)!;
    }
}
