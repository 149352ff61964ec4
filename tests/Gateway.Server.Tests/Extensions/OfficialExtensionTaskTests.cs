using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary>The extension for tasks (2026-07-28), with the official clients.</summary>
public sealed class OfficialExtensionTaskTests : IAsyncLifetime, IDisposable
{
    private const string Done = """ "resultType":"complete","content":[{"type":"text","text":"crm did"}] """;

    private readonly SeveralGateway _gateway = new();
    private readonly TaskServer _crm = new("crm");

    public async Task InitializeAsync()
    {
        await _gateway.InitializeAsync();
        _gateway.Crm.Pages = [["find", "sign"]];
        // The gateway makes the task of a call that a person approves; the server responds to that call directly.
        _gateway.Crm.Own = (http, message) =>
            message.GetRawText().Contains("\"sign\"", StringComparison.Ordinal)
                ? Task.FromResult(false) : _crm.AnswerAsync(http, message);
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();

    public void Dispose() => _gateway.Dispose();

    [NodeTheory]
    [InlineData(TaskClient.TypeScript, "/mcp/crm", "find")]
    [InlineData(TaskClient.TypeScript, "/mcp", "crm__find")]
    [InlineData(TaskClient.CSharp, "/mcp/crm", "find")]
    [InlineData(TaskClient.CSharp, "/mcp", "crm__find")]
    public async Task An_official_client_sees_the_end_of_each_task_of_a_server(
        string sdk, string path, string tool)
    {
        await using var client = Start(sdk, path, new(tool), new(tool), new(tool, Cancel: true), new(tool));

        var completed = await EndAsync(client, () => EndTask(1, $$""" "status":"completed","result":{{{Done}}} """));
        var asked = await EndAsync(client, async () =>
        {
            await EndTask(2, """
                "status":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"Who?",
                "requestedSchema":{"type":"object","properties":{"name":{"type":"string"} } } } } }
                """);
            await Soon.UntilAsync(() => _gateway.Crm.Received("tasks/update").Count == 1, "the client has answered");
            await EndTask(2, $$""" "status":"completed","result":{{{Done}}} """);
        });
        var cancelled = await EndAsync(client, static () => Task.CompletedTask);
        var failed = await EndAsync(
            client, () => EndTask(4, """ "status":"failed","error":{"code":-32603,"message":"broken"} """));
        var unknown = await client.ReadAsync();

        Assert.Equal(("completed", "crm did"), (Text(completed, "status"), Text(completed, "text")));
        Assert.Equal(("working", "completed"), (completed.GetProperty("statuses")[0].GetString(),
            completed.GetProperty("statuses").EnumerateArray().Last().GetString()));
        Assert.Equal(("completed", "Who?"), (Text(asked, "status"), asked.GetProperty("asked")[0].GetString()));
        Assert.Contains("\"content\":{\"name\":\"Ada\"}", _gateway.Crm.Received("tasks/update").Single().Text,
            StringComparison.Ordinal);
        Assert.Equal("cancelled", Text(cancelled, "status"));
        Assert.Contains("cancelled", _crm.Tasks["crm-task-3"], StringComparison.Ordinal);
        Assert.Equal(("failed", "broken", -32603),
            (Text(failed, "status"), Text(failed, "text"), failed.GetProperty("code").GetInt32()));
        Assert.Equal(-32602, unknown.GetProperty("unknown").GetInt32());
    }

    [NodeTheory]
    [InlineData(TaskClient.TypeScript, "/mcp/crm", "sign")]
    [InlineData(TaskClient.TypeScript, "/mcp", "crm__sign")]
    [InlineData(TaskClient.CSharp, "/mcp/crm", "sign")]
    [InlineData(TaskClient.CSharp, "/mcp", "crm__sign")]
    public async Task An_official_client_waits_in_a_task_until_a_person_has_decided(
        string sdk, string path, string tool)
    {
        await using var client = Start(sdk, path, new(tool), new(tool));

        var approved = await EndAsync(client, () => DecideAsync("approve", "{}"));
        var denied = await EndAsync(client, () => DecideAsync("deny", """{"comment":"Too much."}"""));

        Assert.Equal(("completed", "crm did", false),
            (Text(approved, "status"), Text(approved, "text"), approved.GetProperty("isError").GetBoolean()));
        Assert.Equal(("completed", true), (Text(denied, "status"), denied.GetProperty("isError").GetBoolean()));
        Assert.Contains("denied this call: Too much.", Text(denied, "text"), StringComparison.Ordinal);
        Assert.Single(_gateway.Crm.Calls("sign"));
    }

    private TaskClient Start(string sdk, string path, params ToolCall[] calls) =>
        TaskClient.Start(sdk, [new Uri(_gateway.Address, path)], calls);

    /// <summary>Returns the outcome of the next call, whose task the action ends.</summary>
    private static async Task<JsonElement> EndAsync(TaskClient client, Func<Task> action)
    {
        Assert.StartsWith("task-", await client.CreatedAsync(), StringComparison.Ordinal);
        await action();
        return await client.ReadAsync();
    }

    private Task EndTask(int number, string state)
    {
        _crm.Tasks[$"crm-task-{number}"] = state;
        return Task.CompletedTask;
    }

    private async Task DecideAsync(string verb, string body)
    {
        var open = await _gateway.AdminAsync("GET", "approvals?state=open");
        await _gateway.AdminAsync("POST", $"approvals/{open.GetProperty("items")[0].GetProperty("id")}/{verb}", body);
    }

    private static string Text(JsonElement line, string member) => line.GetProperty(member).GetString()!;
}
