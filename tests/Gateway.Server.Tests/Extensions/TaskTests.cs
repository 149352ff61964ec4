using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary>The extension for tasks (2026-07-28) at both addresses of a gateway.</summary>
public sealed class TaskTests : IAsyncLifetime, IDisposable
{
    private const string Declared = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";

    private readonly SeveralGateway _gateway = new();
    private readonly TaskServer _crm = new("crm");
    private readonly TaskServer _erp = new("erp");

    public async Task InitializeAsync()
    {
        await _gateway.InitializeAsync();
        _gateway.Crm.Own = _crm.AnswerAsync;
        _gateway.Erp.Own = _erp.AnswerAsync;
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("/mcp/crm", "find")]
    [InlineData("/mcp", "crm__find")]
    public async Task Task_has_an_id_of_the_gateway_that_works_at_both_addresses_and_after_a_restart(
        string path, string tool)
    {
        var created = await ResultAsync("tools/call", $$"""{"name":"{{tool}}"}""", tool, path);
        var id = created.GetProperty("taskId").GetString()!;
        Assert.StartsWith("task-", id, StringComparison.Ordinal);
        Assert.DoesNotContain("crm-task", created.GetRawText(), StringComparison.Ordinal);
        await _gateway.RestartAsync();
        _crm.Tasks["crm-task-1"] = """
            "status":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?"}}}
            """;

        foreach (var address in (string[])["/mcp/crm", "/mcp"])
        {
            var state = await ResultAsync("tasks/get", TaskOf(id), id, address);
            Assert.Equal(id, state.GetProperty("taskId").GetString());
            Assert.Equal("Who?", state.GetProperty("inputRequests").GetProperty("who").GetProperty("params")
                .GetProperty("message").GetString());
        }

        await ResultAsync(
            "tasks/update", $$"""{"taskId":"{{id}}",""" + """ "inputResponses":{"who":{"action":"decline"}}}""", id, path);
        await ResultAsync("tasks/cancel", TaskOf(id), id, path);
        var ended = await ResultAsync("tasks/get", TaskOf(id), id, path);
        Assert.Equal("cancelled", ended.GetProperty("status").GetString());
        var update = _gateway.Crm.Received("tasks/update").Single();
        Assert.Equal("crm-task-1", update.Headers["Mcp-Name"]);
        Assert.Contains("""{"taskId":"crm-task-1", "inputResponses":{"who":{"action":"decline"}}""", update.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_of_one_server_or_caller_is_unknown_to_any_other()
    {
        var id = await CreateAsync("/mcp", "crm__find");
        var answers = new[]
        {
            await AnswerAsync("tasks/get", TaskOf(id), id, "/mcp/erp"),
            await AnswerAsync("tasks/get", TaskOf(id), id, "/mcp/crm", TestTokens.Other),
            await AnswerAsync("tasks/get", TaskOf("crm-task-1"), "crm-task-1", "/mcp/crm"),
            await AnswerAsync("tasks/cancel", TaskOf(id), id, "/mcp", TestTokens.Other),
            await AnswerAsync("tasks/get", TaskOf(id[..^4] + "AAAA"), id[..^4] + "AAAA", "/mcp"),
        };
        Assert.All(answers, static answer => Assert.Equal(
            (200, -32602, "The task does not exist. Use the id of a task that one of your own calls returned."),
            (answer.Status, answer.Code, answer.Text)));
        Assert.Empty(_gateway.Crm.Received("tasks/get"));
        Assert.Empty(_gateway.Crm.Received("tasks/cancel"));
        var denied = _gateway.Records().Where(static record =>
            record.TryGetProperty("rule", out var rule)
            && rule.GetString() is "(unknown task)" or "(not listed)").ToList();
        Assert.Equal(5, denied.Count);
    }

    [Theory]
    [InlineData("/mcp/crm")]
    [InlineData("/mcp")]
    public async Task Client_that_does_not_declare_the_extension_is_told_so(string path)
    {
        var id = await CreateAsync("/mcp", "crm__find");
        foreach (var (method, task) in
            from method in (string[])["tasks/get", "tasks/update", "tasks/cancel"]
            from task in (string[])[id, "unknown"]
            select (method, task))
        {
            var answer = await AnswerAsync(method, TaskOf(task), task, path, capabilities: "{}");
            Assert.Equal((400, -32021), (answer.Status, answer.Code));
            Assert.Equal("""{"requiredCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}""", answer.Data);
            var unknown = await AnswerAsync(method, TaskOf("task-unknown"), "task-unknown", path, capabilities: "{}");
            Assert.Equal((400, -32021), (unknown.Status, unknown.Code));
        }

        var listened = await AnswerAsync(
            "subscriptions/listen", $$$"""{"notifications":{"taskIds":["{{{id}}}"]}}""", null, path, capabilities: "{}");
        Assert.Equal((400, -32021), (listened.Status, listened.Code));
        Assert.Equal(-32601, (await AnswerAsync("tasks/list", "{}", null, path)).Code);
        foreach (var task in (string[])[id, "unknown"])
            Assert.Equal(-32601, (await AnswerAsync("tasks/result", TaskOf(task), task, path)).Code);
    }

    [Fact]
    public async Task Call_counts_once_and_requests_about_its_task_do_not()
    {
        _gateway.Crm.Pages = [["pay"]];
        var first = await CreateAsync("/mcp/crm", "pay");
        var second = await CreateAsync("/mcp/crm", "pay");
        foreach (var id in (string[])[first, second, first, second])
            await ResultAsync("tasks/get", TaskOf(id), id, "/mcp/crm");
        var third = await ResultAsync("tools/call", """{"name":"pay"}""", "pay", "/mcp/crm");
        Assert.True(third.GetProperty("isError").GetBoolean());
    }

    [Theory]
    [InlineData("/mcp/crm", 1)]
    [InlineData("/mcp", 2)]
    public async Task Subscription_reports_the_tasks_that_it_names_and_no_others(string path, int servers)
    {
        string[] ids = [await CreateAsync("/mcp", "crm__find"), await CreateAsync("/mcp", "erp__find")];
        _crm.Notifications = [Changed("crm-task-9"), Changed("crm-task-1")];
        _erp.Notifications = [Changed("erp-task-1"), Changed("crm-task-1")];
        using var response = await SendAsync(
            "subscriptions/listen",
            $$$"""{"notifications":{"taskIds":[{{{string.Join(',', ids.Take(servers).Select(static id => $"\"{id}\""))}}}]}}""",
            null, path, TestTokens.Agent, Declared);
        var seen = new List<JsonElement>();
        await foreach (var one in SeveralGateway.EventsAsync(response))
        {
            seen.Add(one);
            if (seen.Count == 1 + servers)
                break;
        }

        Assert.Equal(ids.Take(servers).Order(), seen[0].GetProperty("params").GetProperty("notifications")
            .GetProperty("taskIds").EnumerateArray().Select(static one => one.GetString()!).Order());
        Assert.Equal(ids.Take(servers).Order(), seen.Skip(1)
            .Select(static one => one.GetProperty("params").GetProperty("taskId").GetString()!).Order());
    }

    private static string Changed(string id) =>
        $$$"""{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"{{{id}}}","status":"working"}}""";

    private static string TaskOf(string id) => $$"""{"taskId":"{{id}}"}""";

    private async Task<string> CreateAsync(string path, string tool) =>
        (await ResultAsync("tools/call", $$"""{"name":"{{tool}}"}""", tool, path)).GetProperty("taskId").GetString()!;

    private async Task<JsonElement> ResultAsync(string method, string parameters, string? name, string path)
    {
        using var response = await SendAsync(method, parameters, name, path, TestTokens.Agent, Declared);
        var text = await response.Content.ReadAsStringAsync();
        var message = JsonDocument.Parse(text).RootElement;
        Assert.True(message.TryGetProperty("result", out var result), text);
        return result;
    }

    private async Task<(int Status, int Code, string Text, string Data)> AnswerAsync(
        string method, string parameters, string? name, string path, string token = TestTokens.Agent,
        string capabilities = Declared)
    {
        using var response = await SendAsync(method, parameters, name, path, token, capabilities);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        return (
            (int)response.StatusCode, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!,
            error.TryGetProperty("data", out var data) ? data.GetRawText() : "");
    }

    private Task<HttpResponseMessage> SendAsync(
        string method, string parameters, string? name, string path, string token, string capabilities) =>
        _gateway.StatelessAsync(method, parameters == "{}" ? """{"a":1}""" : parameters, name, capabilities, path, request =>
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token));
}
