
namespace Gateway.Server.Tests.Extensions;

/// <summary>Calls that wait as tasks for room of a limit (<c>wait</c>).</summary>
public sealed class WaitingCallTests
{
    private const string OnePerMinute =
        """ "limits": [ { "counter": "refunds", "window": "minute", "max": MAX, "wait": "5m" } ] """;

    private const string OneAtOnce = """ "max_in_flight": { "max": 1, "wait": "5m" } """;

    [Theory]
    [InlineData("/mcp/srv")]
    [InlineData("/mcp")]
    public async Task Call_without_room_becomes_a_task_and_is_made_after_the_reset(string path)
    {
        await using var bench = await StartAsync();
        await CallAsync(bench, 1, path);

        var task = await WaitAsync(bench, 2, path);

        var waiting = await bench.StateAsync(task, path);
        Assert.Equal("working", waiting.GetProperty("status").GetString());
        var text = waiting.GetProperty("statusMessage").GetString()!;
        Assert.StartsWith("The call waits for the limit refunds (1 per minute) until ", text, StringComparison.Ordinal);
        Assert.Contains($"room is expected at {Minute(bench, 1)}", text, StringComparison.Ordinal);
        Assert.Equal(1, bench.Sent);
        bench.Time.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task, path)));
        Assert.Equal(2, bench.Sent);
        await bench.RecordedAsync("waits", "finished");
        // Nobody is asked about it, and no identical call may use its document.
        Assert.Empty((await bench.Approvals.SendAsync("GET", "approvals")).Json!["items"]!.AsArray());
    }

    [Fact]
    public async Task Call_without_room_in_a_shared_budget_is_made_after_its_reset()
    {
        await using var bench = await StartAsync(
            rule: """ "budgets": [ { "budget": "mail", "wait": "5m" } ] """,
            config: """, "budgets": { "mail": { "window": "minute", "max": 1, "grants": ["*"] } } """);
        await CallAsync(bench, 1);

        var task = await WaitAsync(bench, 2);

        Assert.Contains("mail", (await bench.StateAsync(task)).GetProperty("statusMessage").GetString()!,
            StringComparison.Ordinal);
        Assert.Equal(1, bench.Sent);
        bench.Time.Jump(TimeSpan.FromMinutes(1));
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
        Assert.Equal([1, 2], Amounts(bench));
    }

    [Fact]
    public async Task Calls_are_made_in_order_spread_after_the_reset_and_never_more_than_the_limit_admits()
    {
        await using var bench = await StartAsync(max: 4);
        for (var amount = 1; amount <= 4; amount++)
            await CallAsync(bench, amount);
        var tasks = new List<string>();
        for (var amount = 5; amount <= 10; amount++)
            tasks.Add(await WaitAsync(bench, amount));
        var last = await bench.StateAsync(tasks[^1]);
        Assert.EndsWith(
            "; 5 calls before it.", last.GetProperty("statusMessage").GetString(), StringComparison.Ordinal);

        bench.Time.Jump(TimeSpan.FromMinutes(1));
        await Soon.UntilAsync(() => bench.Sent == 8, "the calls of the next minute are made");
        // A call that arrives now does not overtake those that wait.
        tasks.Add(await WaitAsync(bench, 11));
        Assert.Equal("working", (await bench.StateAsync(tasks[4])).GetProperty("status").GetString());
        Assert.Equal(8, bench.Sent);
        var sent = SentAt(bench);
        Assert.Equal(8, sent.Count);
        Assert.All(sent.Skip(4).Zip(sent.Skip(5)), static pair =>
            Assert.True(pair.Second - pair.First >= TimeSpan.FromMilliseconds(150), $"{pair}"));

        bench.Time.Jump(TimeSpan.FromMinutes(1));
        foreach (var task in tasks)
            Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
        Assert.Equal(Enumerable.Range(1, 11), Amounts(bench));
    }

    [Fact]
    public async Task Call_waits_for_a_place_in_flight_until_another_call_has_ended()
    {
        await using var bench = await StartAsync(rule: OneAtOnce);
        var (answer, end) = (bench.Approvals.Server.Answer, new TaskCompletionSource());
        bench.Approvals.Server.Answer = async (http, request) =>
        {
            if (request.Text.Contains("\"amount\":1}", StringComparison.Ordinal))
                await end.Task;
            await answer(http, request);
        };
        var first = CallAsync(bench, 1);
        await Soon.UntilAsync(() => bench.Sent == 1, "the first call is open");

        var (second, third) = (await WaitAsync(bench, 2), await WaitAsync(bench, 3));

        Assert.StartsWith("The call waits for a free place for a call in flight until ",
            (await bench.StateAsync(second)).GetProperty("statusMessage").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, bench.Sent);
        end.SetResult();
        await first;
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(third)));
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(second)));
        Assert.Equal([1, 2, 3], Amounts(bench));
    }

    [Fact]
    public async Task At_the_end_of_its_wait_the_task_ends_with_the_refusal()
    {
        await using var bench = await StartAsync(rule: OneAtOnce.Replace("5m", "30s", StringComparison.Ordinal));
        bench.Approvals.Server.Answer = static (http, _) => RecordingServer.UntilGoneAsync(http);
        using var gone = new CancellationTokenSource();
        var first = CallAsync(bench, 1);
        await Soon.UntilAsync(() => bench.Sent == 1, "the first call is open");
        var task = await WaitAsync(bench, 2);

        bench.Time.Jump(TimeSpan.FromSeconds(31));

        var ended = await bench.EndAsync(task);
        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.True(ended.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.StartsWith("Policy violation: ", ApprovalTaskBench.TextOf(ended), StringComparison.Ordinal);
        Assert.Equal(1, bench.Sent);
        await bench.RecordedAsync("waits", "unsent");
        _ = first.ContinueWith(static task => task.Exception, TaskScheduler.Default);
    }

    [Theory]
    [InlineData("{}", "5m")]
    [InlineData(ApprovalTaskBench.Declared, "30s")]
    public async Task Client_without_tasks_and_a_limit_that_resets_too_late_are_refused(
        string capabilities, string wait)
    {
        await using var bench = await StartAsync(
            rule: OnePerMinute.Replace("5m", wait, StringComparison.Ordinal));
        await CallAsync(bench, 1);
        var refused = await bench.ResultAsync(
            "/mcp/srv", "tools/call", ApprovalTaskBench.Call("/mcp/srv"), "refund", capabilities);
        Assert.True(refused.GetProperty("isError").GetBoolean());
        Assert.Contains("Try again in ", refused.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_that_wait_are_bounded_for_each_caller()
    {
        await using var bench = await StartAsync();
        await CallAsync(bench, 1);
        var tasks = new List<string>();
        JsonElement result;
        while ((result = await CallAsync(bench, tasks.Count + 2)).TryGetProperty("taskId", out var task))
            tasks.Add(task.GetString()!);
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Equal(24, tasks.Count);

        await bench.ResultAsync("/mcp/srv", "tasks/cancel", $$"""{"taskId":"{{tasks[0]}}"}""", tasks[0]);
        Assert.True((await CallAsync(bench, 99)).TryGetProperty("taskId", out _));
        Assert.Equal("cancelled", (await bench.StateAsync(tasks[0])).GetProperty("status").GetString());
        Assert.Equal(1, bench.Sent);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("deny")]
    [InlineData("approve")]
    public async Task Changes_while_a_call_waits_decide_when_it_is_made(string change)
    {
        await using var bench = await StartAsync();
        await CallAsync(bench, 1);
        var task = await WaitAsync(bench, 2);
        if (change == "pause")
            Assert.Equal(200, (await bench.Approvals.SendAsync("POST", "grants/agent/pause", new JsonObject())).Status);
        else
        {
            await bench.Approvals.RestartAsync(policy: policy => change == "deny"
                ? policy.Replace("\"refund\"", "\"another\"", StringComparison.Ordinal)
                : policy.Replace("\"limits\"", "\"action\": \"approve\", \"limits\"", StringComparison.Ordinal));
        }

        bench.Time.Jump(TimeSpan.FromMinutes(1));

        await Soon.UntilAsync(() => bench.Events().Contains("unsent"), "the end is on record");
        if (change == "pause")
            await bench.Approvals.SendAsync("POST", "grants/agent/resume", new JsonObject());
        var ended = await bench.EndAsync(task);
        Assert.True(ended.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Contains(change switch
        {
            "pause" => "the grant was revoked, paused or expired while the call waited",
            "deny" => "(default deny)",
            _ => "requires more approvals",
        }, ended.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, bench.Sent);
    }

    [Fact]
    public async Task Denies_when_the_grant_was_revoked_while_its_call_waited()
    {
        await using var bench = await StartAsync();
        var issued = await bench.Approvals.SendAsync("POST", "grants", new JsonObject
        {
            ["name"] = "guest",
            ["servers"] = new JsonObject { ["srv"] = "policy" },
        });
        Assert.True(issued.Status == 201, issued.Json?.ToJsonString());
        var token = (string)issued.Json!["token"]!;
        for (var amount = 1; amount <= 2; amount++)
            await bench.SendAsync("/mcp/srv", "tools/call", ApprovalTaskBench.Call("/mcp/srv"), "refund", token: token);
        await bench.RecordedAsync("waits");

        Assert.Equal(204, (await bench.Approvals.SendAsync("DELETE", "grants/guest")).Status);
        bench.Time.Jump(TimeSpan.FromMinutes(1));

        await Soon.UntilAsync(() => bench.Events().Contains("unsent"), "the end is on record");
        Assert.Equal(1, bench.Sent);
    }

    [Fact]
    public async Task Queue_outlives_a_restart_and_a_call_is_not_made_after_its_wait()
    {
        await using var bench = await StartAsync();
        await CallAsync(bench, 1);
        var (first, second) = (await WaitAsync(bench, 2), await WaitAsync(bench, 3));
        await bench.Approvals.RestartAsync(between: () =>
        {
            bench.Time.Jump(TimeSpan.FromMinutes(1));
            return Task.CompletedTask;
        });
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(first)));

        await bench.Approvals.RestartAsync(between: () =>
        {
            bench.Time.Jump(TimeSpan.FromMinutes(10));
            return Task.CompletedTask;
        });

        var late = await bench.EndAsync(second);
        Assert.Contains("its turn did not come", ApprovalTaskBench.TextOf(late), StringComparison.Ordinal);
        Assert.Equal(2, bench.Sent);
    }

    private static Task<ApprovalTaskBench> StartAsync(
        int max = 1, string rule = OnePerMinute, string config = "")
    {
        // Minutes end at known times.
        var now = TimeProvider.System.GetUtcNow();
        return ApprovalTaskBench.StartAsync(
            policy: $$"""
                { "version": "1", "default": "deny", "tools": { "refund": { {{rule.Replace(
                    "MAX", max.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}} } } }
                """,
            start: new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 2, TimeSpan.Zero),
            config: config);
    }

    private static Task<JsonElement> CallAsync(ApprovalTaskBench bench, int amount, string path = "/mcp/srv") =>
        bench.ResultAsync(path, "tools/call",
            ApprovalTaskBench.Call(path, $$"""{"amount":{{amount}}}"""), ApprovalTaskBench.ToolAt(path));

    private static async Task<string> WaitAsync(ApprovalTaskBench bench, int amount, string path = "/mcp/srv")
    {
        var created = await CallAsync(bench, amount, path);
        Assert.True(created.TryGetProperty("taskId", out var task), created.GetRawText());
        return task.GetString()!;
    }

    private static string Minute(ApprovalTaskBench bench, int minute)
    {
        var now = bench.Time.GetUtcNow();
        return new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, minute, 0, TimeSpan.Zero)
            .ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
    }

    private static List<int> Amounts(ApprovalTaskBench bench) =>
    [
        .. Calls(bench).Select(static request => JsonDocument.Parse(request.Body).RootElement
            .GetProperty("params").GetProperty("arguments").GetProperty("amount").GetInt32()),
    ];

    private static List<DateTimeOffset> SentAt(ApprovalTaskBench bench) =>
    [
        .. bench.Approvals.Gateway.AuditRecords()
            .Where(static record => record.GetProperty("kind").GetString() == "decision"
                && record.GetProperty("method").GetString() == "tools/call"
                && record.GetProperty("outcome").GetString() == "allowed")
            .Select(static record => record.GetProperty("time").GetDateTimeOffset()),
    ];

    private static IEnumerable<RecordedRequest> Calls(ApprovalTaskBench bench) => bench.Approvals.Server.Requests
        .Where(static request => request.Text.Contains("\"tools/call\"", StringComparison.Ordinal));
}
