using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary><c>max_in_flight</c> for calls that become tasks.</summary>
public sealed class TaskPlaceTests : IAsyncLifetime, IDisposable
{
    private const string Declared = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";

    private readonly SeveralGateway _gateway = new()
    {
        MorePolicy = """, "all_tools": { "max_in_flight": { "max": 1 } } """,
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
    [InlineData(""" "status":"completed","result":{"content":[]} """)]
    [InlineData(null)]
    public async Task Place_is_free_when_the_task_has_ended_and_not_before_without_any_client(string? end)
    {
        Assert.False(IsRefused(await CallAsync()));
        await Soon.UntilAsync(() => _gateway.Crm.Received("tasks/get").Count >= 2, "the gateway requests the state");
        Assert.True(IsRefused(await CallAsync()));

        if (end is null)
            _crm.Tasks.Clear();
        else
            _crm.Tasks["crm-task-1"] = end;
        await Soon.UntilAsync(async () => !IsRefused(await CallAsync()), "the place is free");
        var request = _gateway.Crm.Received("tasks/get")[0];
        Assert.Equal(("tasks/get", "crm-task-1"), (request.Headers["Mcp-Method"], request.Headers["Mcp-Name"]));
        Assert.Contains("io.modelcontextprotocol/clientCapabilities", request.Text, StringComparison.Ordinal);
    }

    private static bool IsRefused(JsonElement answer) =>
        answer.GetProperty("result").GetRawText().Contains("(in flight)", StringComparison.Ordinal);

    private async Task<JsonElement> CallAsync()
    {
        using var response = await _gateway.StatelessAsync(
            "tools/call", """{"name":"find"}""", "find", Declared, "/mcp/crm");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
