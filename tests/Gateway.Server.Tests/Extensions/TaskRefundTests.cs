using Gateway.Server.Tests.Several;

namespace Gateway.Server.Tests.Extensions;

/// <summary><c>refund_on_error</c> for calls that become tasks, and the operator's maximum TTL.</summary>
public sealed class TaskRefundTests : IAsyncLifetime, IDisposable
{
    private const string Declared = """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""";

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
    [InlineData(""" "status":"failed","error":{"code":-32603,"message":"broken"} """)]
    [InlineData(""" "status":"completed","result":{"content":[],"isError":true} """)]
    public async Task A_task_that_fails_is_refunded_once_without_any_client(string end)
    {
        Assert.False(IsRefused(await CallAsync()));
        await Soon.UntilAsync(() => _gateway.Crm.Received("tasks/get").Count >= 2, "the gateway requests the state");
        Assert.True(IsRefused(await CallAsync()));

        _crm.Tasks["crm-task-1"] = end;
        await Soon.UntilAsync(async () => !IsRefused(await CallAsync()), "the call is refunded");

        // The second task holds the only number again, and the end of the first gives back nothing more.
        Assert.True(IsRefused(await CallAsync()));
        await Soon.UntilAsync(() => Outcomes().Count == 1, "the end is on record");
        var outcome = Outcomes().Single();
        Assert.Equal(
            ("error", "refunded"),
            (outcome.GetProperty("ended").GetString(), outcome.GetProperty("counted").GetString()));
    }

    [Theory]
    [InlineData(""" "status":"completed","result":{"content":[]} """)]
    [InlineData(""" "status":"cancelled" """)]
    [InlineData(null)]
    public async Task A_task_that_ends_without_an_error_counts(string? end)
    {
        Assert.False(IsRefused(await CallAsync()));
        if (end is null)
            _crm.Tasks.Clear();
        else
            _crm.Tasks["crm-task-1"] = end;

        await Soon.UntilAsync(() => Outcomes().Count == 1, "the end is on record");
        Assert.Equal("counted", Outcomes().Single().GetProperty("counted").GetString());
        Assert.True(IsRefused(await CallAsync()));
    }

    [Fact]
    public async Task A_task_that_fails_after_the_window_of_its_call_is_not_refunded()
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var bench = await ApprovalTaskBench.StartAsync(
            policy: """
                { "version": "1", "default": "deny", "tools": { "refund": { "limits": [
                  { "counter": "once", "window": "minute", "max": 1, "refund_on_error": true } ] } } }
                """,
            start: new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 40, TimeSpan.Zero));
        var (answer, created, end) = (bench.Approvals.Server.Answer, "working", new TaskCompletionSource());
        bench.Approvals.Server.Answer = async (http, request) =>
        {
            var isState = request.Text.Contains("\"tasks/get\"", StringComparison.Ordinal);
            if (!isState && !request.Text.Contains("\"tools/call\"", StringComparison.Ordinal))
            {
                await answer(http, request);
                return;
            }

            if (isState)
                await end.Task;
            await RecordingServer.JsonAsync(http, $$$"""
                {"jsonrpc":"2.0","id":{{{ApprovalTaskBench.IdOf(request)}}},"result":{
                 "taskId":"own-1","pollIntervalMs":10,"createdAt":"2026-11-25T10:30:00Z","lastUpdatedAt":"2026-11-25T10:30:00Z","ttlMs":null,
                 {{{(isState
                     ? """ "resultType":"complete","status":"failed","error":{"code":-32603,"message":"broken"} """
                     : $""" "resultType":"task","status":"{created}" """)}}}}}
                """);
        };
        Assert.False(await IsRefusedAsync(bench));
        await Soon.UntilAsync(
            () => bench.Approvals.Server.Requests.Any(
                static one => one.Text.Contains("\"tasks/get\"", StringComparison.Ordinal)),
            "the gateway requests the state");

        // The next window begins before the server responds.
        bench.Time.Jump(TimeSpan.FromSeconds(25));
        created = "completed";
        end.SetResult();

        var outcomes = Array.Empty<JsonElement>();
        await Soon.UntilAsync(() => (outcomes =
        [
            .. bench.Approvals.Gateway.AuditRecords().Where(static record =>
                record.GetProperty("kind").GetString() == "outcome" && record.TryGetProperty("tool", out _)),
        ]).Length == 1, "the end is on record");
        Assert.Equal("counted, since the window had ended", outcomes[0].GetProperty("counted").GetString());
        Assert.False(await IsRefusedAsync(bench));
        Assert.True(await IsRefusedAsync(bench));
    }

    private static async Task<bool> IsRefusedAsync(ApprovalTaskBench bench)
    {
        var result = await bench.ResultAsync(
            "/mcp/srv", "tools/call", ApprovalTaskBench.Call("/mcp/srv"), "refund");
        return result.GetRawText().Contains("once", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_has_failed_when_it_is_created_is_refunded()
    {
        _crm.First = """ "status":"failed","error":{"code":-32603,"message":"broken"} """;
        for (var calls = 0; calls < 3; calls++)
            Assert.False(IsRefused(await CallAsync()));
        Assert.Empty(_gateway.Crm.Received("tasks/get"));
    }

    [Theory]
    [InlineData("\"ttlMs\":null,", 30_000)]
    [InlineData("\"ttlMs\":86400000,", 30_000)]
    [InlineData("", 30_000)]
    [InlineData("\"ttlMs\":20000,", 20_000)]
    public async Task The_operators_maximum_replaces_a_longer_TTL(string ttl, int expectedMs)
    {
        _crm.Ttl = ttl;
        var created = (await CallAsync()).GetProperty("result");
        Assert.Equal(expectedMs, created.GetProperty("ttlMs").GetInt32());

        var id = created.GetProperty("taskId").GetString()!;
        foreach (var path in (string[])["/mcp/crm", "/mcp"])
        {
            using var response = await _gateway.StatelessAsync(
                "tasks/get", $$"""{"taskId":"{{id}}"}""", id, Declared, path);
            var state = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(expectedMs, state.GetProperty("result").GetProperty("ttlMs").GetInt32());
        }
    }

    private List<JsonElement> Outcomes() =>
    [
        .. _gateway.Records().Where(static record => record.GetProperty("kind").GetString() == "outcome"
            && record.TryGetProperty("tool", out var tool) && tool.GetString() == "find"),
    ];

    private static bool IsRefused(JsonElement answer) =>
        answer.GetProperty("result").GetRawText().Contains("once", StringComparison.Ordinal);

    private async Task<JsonElement> CallAsync()
    {
        using var response = await _gateway.StatelessAsync(
            "tools/call", """{"name":"find"}""", "find", Declared, "/mcp/crm");
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
