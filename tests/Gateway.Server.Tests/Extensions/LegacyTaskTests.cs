using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary>The experimental tasks of 2025-11-25 at both addresses of a gateway.</summary>
public sealed class LegacyTaskTests : IAsyncLifetime, IDisposable
{
    private readonly SeveralGateway _gateway = new()
    {
        MoreCrm = """, "tasks": { "maxTtlSeconds": 30 } """,
        MorePolicy = """
            , "all_tools": { "limits": [ { "counter": "once", "window": "month", "max": 1, "refund_on_error": true } ] }
            """,
    };

    private readonly TaskServer _crm = new("crm");

    public async Task InitializeAsync()
    {
        await _gateway.InitializeAsync();
        _gateway.Crm.Own = _crm.AnswerAsync;
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/mcp/crm", "\"ttlMs\":null,", 30_000)]
    [InlineData("/mcp", "\"ttlMs\":null,", 30_000)]
    [InlineData("/mcp/crm", "\"ttlMs\":86400000,", 30_000)]
    [InlineData("/mcp/crm", "", 30_000)]
    [InlineData("/mcp", "", 30_000)]
    [InlineData("/mcp", "\"ttlMs\":20000,", 20_000)]
    public async Task The_operators_maximum_replaces_a_longer_TTL(string path, string ttl, int expectedMs)
    {
        _crm.Ttl = ttl;
        var (session, created) = await CreateAsync(path);
        Assert.Equal(expectedMs, created.GetProperty("ttl").GetInt32());

        var state = await _gateway.AskAsync("tasks/get", TaskOf(created), session, path);
        Assert.Equal(expectedMs, state.GetProperty("result").GetProperty("ttl").GetInt32());
    }

    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task A_task_that_fails_is_refunded_without_any_client(string path)
    {
        var (session, _) = await CreateAsync(path);
        Assert.True(IsRefused(await CallAsync(path, session)));

        _crm.Tasks["crm-task-1"] = """ "status":"failed","statusMessage":"broken" """;
        await Soon.UntilAsync(async () => !IsRefused(await CallAsync(path, session)), "the call is refunded");

        // The second task holds the only number again.
        Assert.True(IsRefused(await CallAsync(path, session)));
    }

    [Theory]
    [InlineData("tasks/get")]
    [InlineData("tasks/result")]
    [InlineData("tasks/cancel")]
    public async Task A_task_of_another_caller_is_unknown(string method)
    {
        var (_, created) = await CreateAsync("/mcp/crm");
        foreach (var path in (string[])["/mcp/crm", "/mcp"])
        {
            using var opened = await PostAsOtherAsync("initialize", """
                {"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}
                """, path);
            using var response = await PostAsOtherAsync(
                method, TaskOf(created), path, opened.Headers.GetValues("Mcp-Session-Id").Single());
            var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
            Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        }

        Assert.Empty(_gateway.Crm.Received("tasks/result"));
        Assert.Empty(_gateway.Crm.Received("tasks/cancel"));
    }

    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task Status_of_the_callers_task_has_its_id_and_that_of_any_other_task_is_removed(string path)
    {
        var (session, created) = await CreateAsync(path);
        using var stream = await _gateway.StreamAsync(session, path: path);
        _gateway.Crm.Send(Status("crm-task-9"));
        _gateway.Crm.Send(Status("crm-task-1"));

        var seen = await SeveralGateway.EventsAsync(stream).FirstAsync();

        Assert.Equal("notifications/tasks/status", seen.GetProperty("method").GetString());
        var parameters = seen.GetProperty("params");
        Assert.Equal(created.GetProperty("taskId").GetString(), parameters.GetProperty("taskId").GetString());
        Assert.Equal(30_000, parameters.GetProperty("ttl").GetInt32());
    }

    private static string Status(string id) => $$$"""
        {"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"{{{id}}}","status":"working"}}
        """.Trim();

    private static string TaskOf(JsonElement task) =>
        $$"""{"taskId":"{{task.GetProperty("taskId").GetString()}}"}""";

    private static bool IsRefused(JsonElement answer) =>
        answer.GetProperty("result").GetRawText().Contains("once", StringComparison.Ordinal);

    private async Task<(string Session, JsonElement Task)> CreateAsync(string path)
    {
        var session = (await _gateway.TryOpenAsync(path: path))!;
        var answer = await CallAsync(path, session);
        Assert.True(answer.GetProperty("result").TryGetProperty("task", out var task), answer.GetRawText());
        return (session, task);
    }

    private Task<JsonElement> CallAsync(string path, string session) => _gateway.AskAsync(
        "tools/call", $$$"""{"name":"{{{(path == "/mcp" ? "crm__find" : "find")}}}","task":{}}""", session, path);

    private Task<HttpResponseMessage> PostAsOtherAsync(
        string method, string parameters, string path, string? session = null) => _gateway.PostAsync(
        $$$"""{"jsonrpc":"2.0","id":7,"method":"{{{method}}}","params":{{{parameters.Trim()}}}}""", session, path,
        static request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Other));
}
