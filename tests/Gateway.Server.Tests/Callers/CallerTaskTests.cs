using Gateway.Server.Tests.Extensions;

namespace Gateway.Server.Tests.Callers;

/// <summary>Approved calls of people whose tokens an issuer signs, made later without their tokens.</summary>
public sealed class CallerTaskTests : IAsyncLifetime, IDisposable
{
    private const string AdminKey = "operator-key-0123456789";
    private readonly TestFolder _folder = new();
    private CompanyProvider _provider = null!;
    private RecordingServer _crm = null!;
    private GatewayHost _host = null!;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _provider = await CompanyProvider.StartAsync();
        _crm = await RecordingServer.StartAsync();
        var config = Path.Combine(_folder.Path, "gateway.json");
        await File.WriteAllTextAsync(config, $$"""
            {
              "servers": {
                "crm": { "url": "{{_crm.Url}}", "callerHeaders": { "X-Person": "{caller.subject}" } },
                "erp": { "url": "{{_crm.Url}}", "oauth": { "clientId": "gateway", "clientSecret": "secret",
                  "issuer": "{{_provider.Issuer}}", "exchange": "token_exchange" } }
              },
              "policies": { "asks": { "version": "1", "default": "allow", "tools": { "refund": {
                "action": "approve", "approval": { "wait": "0s" } } } } },
              "admin": { "key": "{{AdminKey}}" },
              "identity": { "issuers": { "corp": { "issuer": "{{_provider.Issuer}}", "audience": "gateway" } } },
              "grants": {
                "staff": { "servers": { "crm": "asks", "erp": "asks" }, "order": 1, "match": { "issuer": "corp" } }
              }
            }
            """);
        _host = await GatewayHost.StartAsync(
            new GatewayHostOptions
            {
                Extensions = DefaultExtensions.All,
                DataDirectory = Path.Combine(_folder.Path, "data"),
                Listen = ["http://127.0.0.1:0"],
                Quiet = true,
                ConfigFile = new() { Path = config },
                Audit = new() { HashesSubjects = true },
            },
            CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_host is null)
            return;
        await _host.DisposeAsync();
        await _crm.DisposeAsync();
        await _provider.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [NodeFact]
    public async Task Call_is_made_as_its_caller_and_no_other_subject_of_the_grant_sees_the_task()
    {
        _crm.Answer = static (http, _) => RecordingServer.JsonAsync(
            http, """{"jsonrpc":"2.0","id":"task","result":{"content":[{"type":"text","text":"paid-to-4711"}]}}""");
        var (ana, ben) = (await _provider.TokenAsync("s-1"), await _provider.TokenAsync("s-2"));
        var task = (string)(await SendAsync(ana, "tools/call", """{"name":"refund"}""", "refund"))["result"]!["taskId"]!;
        AssertNotStored(ana);
        Assert.Equal(-32602, (int)(await StateAsync(ben, task))["error"]!["code"]!);
        Assert.Equal(-32602, (int)(await SendAsync(
            ben, "tasks/cancel", $$"""{"taskId":"{{task}}"}""", task))["error"]!["code"]!);

        await ApproveAsync();

        Assert.Equal("paid-to-4711", await EndAsync(ana, task));
        AssertNotStored(ana, "paid-to-4711");
        Assert.Equal(-32602, (int)(await StateAsync(ben, task))["error"]!["code"]!);
        var sent = Assert.Single(_crm.Requests);
        Assert.Equal("s-1", sent.Headers["X-Person"]);
        Assert.DoesNotContain(ana, sent.Text, StringComparison.Ordinal);
        // The run has no token of the caller, but its records contain the digest too.
        await Soon.UntilAsync(() => Records().Any(static one => Kind(one) == "outcome"), "the end is on record");
        Assert.DoesNotContain(
            Records(), static one => one.GetRawText().Contains("\"s-1\"", StringComparison.Ordinal));
    }

    [NodeFact]
    public async Task Call_of_a_subject_that_was_revoked_meanwhile_is_not_made()
    {
        var ana = await _provider.TokenAsync("s-1");
        var task = (string)(await SendAsync(ana, "tools/call", """{"name":"refund"}""", "refund"))["result"]!["taskId"]!;
        const string subject = """{ "issuer": "corp", "subject": "s-1" }""";
        await AdminAsync("subjects/revoke", subject);

        await ApproveAsync();

        await Soon.UntilAsync(
            () => Records().Any(static record =>
                record.TryGetProperty("became", out var became) && became.GetString() == "unsent"),
            "the end is on record");
        await AdminAsync("subjects/resume", subject);
        Assert.Contains("revoked, paused or expired", await EndAsync(ana, task), StringComparison.Ordinal);
        Assert.Empty(_crm.Requests);
    }

    [NodeFact]
    public async Task A_subject_is_stopped_by_its_digest_in_records()
    {
        var (ana, ben) = (await _provider.TokenAsync("s-1"), await _provider.TokenAsync("s-2"));
        await SendAsync(ana, "tools/call", """{"name":"refund"}""", "refund");
        var digest = Records().First(static one => Kind(one) == "decision").GetProperty("caller").GetString();

        await AdminAsync("subjects/revoke", $$"""{ "issuer": "corp", "subject": "{{digest}}" }""");

        Assert.Contains("revoked", (await SendAsync(
            ana, "tools/call", """{"name":"refund"}""", "refund")).ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull((await SendAsync(ben, "tools/call", """{"name":"refund"}""", "refund"))["result"]!["taskId"]);
    }

    [NodeFact]
    public async Task Call_that_needs_the_callers_own_token_ends_with_the_advice_to_sign_in_again()
    {
        var ana = await _provider.TokenAsync("s-1");
        var task = (string)(await SendAsync(
            ana, "tools/call", """{"name":"refund"}""", "refund", "erp"))["result"]!["taskId"]!;

        await ApproveAsync();

        Assert.Contains("Sign in again", await EndAsync(ana, task, "erp"), StringComparison.Ordinal);
        Assert.Empty(_crm.Requests);
    }

    /// <summary>Also not the signature of a token, which makes it one.</summary>
    private void AssertNotStored(string token, params string[] texts)
    {
        Assert.NotEmpty(_folder.FilesWith("refund"));
        foreach (var text in (string[])[token, token[(token.LastIndexOf('.') + 1)..], .. texts])
            Assert.Empty(_folder.FilesWith(text));
    }

    private IReadOnlyList<JsonElement> Records() => AuditTrail.Read(Path.Combine(_folder.Path, "data", "audit"));

    private static string? Kind(JsonElement record) => record.GetProperty("kind").GetString();

    private async Task ApproveAsync()
    {
        var open = await AdminAsync("approvals?state=open");
        await AdminAsync($"approvals/{open["items"]![0]!["id"]}/approve", "{}");
    }

    private Task<JsonNode> StateAsync(string token, string task, string server = "crm") =>
        SendAsync(token, "tasks/get", $$"""{"taskId":"{{task}}"}""", task, server);

    private async Task<string> EndAsync(string token, string task, string server = "crm")
    {
        JsonNode state = null!;
        await Soon.UntilAsync(async () =>
        {
            state = (await StateAsync(token, task, server))["result"]!;
            return (string)state["status"]! != "working";
        }, "the task has ended");
        return (string)state["result"]!["content"]![0]!["text"]!;
    }

    private async Task<JsonNode> SendAsync(
        string token, string method, string parameters, string name, string server = "crm")
    {
        var meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
            + "\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},"
            + $"\"io.modelcontextprotocol/clientCapabilities\":{ApprovalTaskBench.Declared}}}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp/" + server)
        {
            Content = new StringContent(
                $$"""{"jsonrpc":"2.0","id":7,"method":"{{method}}","params":""" + parameters[..^1] + "," + meta + "}}",
                Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", method);
        request.Headers.Add("Mcp-Name", name);
        return await SendAsync(request, token);
    }

    private Task<JsonNode> AdminAsync(string path, string? body = null) => SendAsync(
        new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, "/api/v1/" + path)
        {
            Content = body is null ? null : new StringContent(body, new MediaTypeHeaderValue("application/json")),
        },
        AdminKey);

    private async Task<JsonNode> SendAsync(HttpRequestMessage request, string token)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri(_host.Addresses[0]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.Content.Headers.ContentType?.MediaType == "application/json"
            ? JsonNode.Parse(text)! : JsonValue.Create(text);
    }
}
