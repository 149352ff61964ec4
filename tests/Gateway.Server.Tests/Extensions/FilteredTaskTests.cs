using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary>
/// The rules for <c>results</c>, for tasks of servers in the extension (2026-07-28), at both addresses of a gateway.
/// </summary>
public sealed class FilteredTaskTests : IAsyncLifetime, IDisposable
{
    private const string Declared = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";
    private const string Secret = "AB-4711";

    private readonly SeveralGateway _gateway = new()
    {
        MorePolicy = """, "all_tools": { "results": { "redact": [ { "matches": "AB-\\d+" } ] } } """,
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
    [InlineData("/mcp/crm", "find")]
    [InlineData("/mcp", "crm__find")]
    public async Task Each_state_of_a_task_is_evaluated_by_the_rules_for_results(string path, string tool)
    {
        var task = await CreateAsync(path, tool);
        string[] states =
        [
            $$""" "status":"working","statusMessage":"at {{Secret}}" """,
            $$""" "status":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"{{Secret}}?"} } } """,
            $$""" "status":"failed","error":{"code":-32603,"message":"no {{Secret}}"} """,
            $$$""" "status":"completed","result":{"content":[{"type":"text","text":"found {{{Secret}}}"}]} """,
        ];
        foreach (var state in states)
        {
            _crm.Tasks["crm-task-1"] = state;
            foreach (var address in (string[])["/mcp/crm", "/mcp"])
            {
                using var response = await SendAsync("tasks/get", $$"""{"taskId":"{{task}}"}""", task, address);
                var text = await response.Content.ReadAsStringAsync();
                Assert.Contains("[redacted]", text, StringComparison.Ordinal);
                Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/mcp/crm", "find")]
    [InlineData("/mcp", "crm__find")]
    public async Task Subscription_to_a_task_reports_no_result_that_rules_would_change(string path, string tool)
    {
        var task = await CreateAsync(path, tool);
        // A server that reports the task although the gateway does not subscribe to it.
        _crm.Notifications =
        [
            $$"""{"jsonrpc":"2.0","method":"notifications/tasks","params":{"taskId":"crm-task-1","status":"completed","result":{"content":[{"type":"text","text":"found {{Secret}}"}]} } }""",
            """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""",
        ];

        using var response = await SendAsync(
            "subscriptions/listen", $$$"""{"notifications":{"toolsListChanged":true,"taskIds":["{{{task}}}"]}}""", null, path);

        var seen = new List<string>();
        await foreach (var one in SeveralGateway.EventsAsync(response))
        {
            seen.Add(one.GetRawText());
            if (seen[^1].Contains("list_changed", StringComparison.Ordinal))
                break;
        }

        Assert.DoesNotContain(seen, static one => one.Contains(Secret, StringComparison.Ordinal));
        Assert.Contains("acknowledged", seen[0], StringComparison.Ordinal);
        Assert.DoesNotContain("taskIds", seen[0], StringComparison.Ordinal);
        Assert.DoesNotContain(
            "taskIds", _gateway.Crm.Received("subscriptions/listen").Single().Text, StringComparison.Ordinal);
    }

    private async Task<string> CreateAsync(string path, string tool)
    {
        using var response = await SendAsync("tools/call", $$"""{"name":"{{tool}}"}""", tool, path);
        var created = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("result");
        return created.GetProperty("taskId").GetString()!;
    }

    private Task<HttpResponseMessage> SendAsync(string method, string parameters, string? name, string path) =>
        _gateway.StatelessAsync(method, parameters, name, Declared, path);
}
