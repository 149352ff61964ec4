namespace Gateway.Server.Tests.Extensions;

/// <summary>Approved calls of tasks, which are evaluated and counted when they are made.</summary>
public sealed class ApprovalTaskRunTests
{
    [Theory]
    [InlineData("\"refund\"", "\"another\"", "No rule of the policy")]
    [InlineData("\"wait\": \"0s\"", "\"wait\": \"0s\", \"approvals\": 2", "requires more approvals")]
    public async Task Policy_that_changed_meanwhile_decides(string old, string now, string reason)
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();
        await bench.Approvals.RestartAsync(policy: policy => policy.Replace(old, now, StringComparison.Ordinal));
        // The poll of a tool that the policy denies now is not refused: its caller learns the end.
        Assert.Equal("working", (await bench.StateAsync(task)).GetProperty("status").GetString());

        await bench.Approvals.ApproveAsync(approval);

        var ended = await bench.EndAsync(task);
        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.True(ended.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Contains(reason, ApprovalTaskBench.TextOf(ended), StringComparison.Ordinal);
        await Soon.UntilAsync(() => bench.Events().Contains("unsent"), "the end is on record");
        Assert.Equal(0, bench.Sent);
    }

    [Fact]
    public async Task Result_is_redacted_by_the_rules_for_results_and_stored_so()
    {
        await using var bench = await ApprovalTaskBench.StartAsync(
            """, "results": { "redact": [ { "matches": "AB-\\d+" } ] } """);
        bench.Approvals.Server.Answer = static (http, _) => RecordingServer.JsonAsync(http, """
            {"jsonrpc":"2.0","id":"task","result":{"content":[{"type":"text","text":"sent with AB-4711"}]}}
            """);
        var (task, approval) = await bench.CreateAsync();

        await bench.Approvals.ApproveAsync(approval);

        Assert.Equal("sent with [redacted]", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
        await bench.Approvals.RestartAsync();
        Assert.Equal("sent with [redacted]", ApprovalTaskBench.TextOf(await bench.StateAsync(task)));
    }

    [Fact]
    public async Task Result_is_withheld_once_the_policy_denies_the_tool()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();
        await bench.Approvals.ApproveAsync(approval);
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));

        await bench.Approvals.RestartAsync(policy: static policy => policy.Replace(
            "\"refund\"", "\"another\"", StringComparison.Ordinal));

        var state = await bench.StateAsync(task);
        Assert.True(state.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.DoesNotContain("done", state.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""
        "result":{"resultType":"task","taskId":"own-1","status":"working","createdAt":"2026-11-25T10:30:00Z",
        "lastUpdatedAt":"2026-11-25T10:30:00Z","ttlMs":null}
        """, "completed", "may have been executed")]
    [InlineData("""
        "error":{"code":-32021,"message":"The client did not declare tasks."}
        """, "failed", "The client did not declare tasks.")]
    public async Task Server_that_responds_only_with_a_task_of_its_own_ends_the_task(
        string response, string status, string text)
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        bench.Approvals.Server.Answer = (http, _) => RecordingServer.JsonAsync(
            http, $$"""{"jsonrpc":"2.0","id":"task",{{response.Trim()}}}""");
        var (task, approval) = await bench.CreateAsync();

        await bench.Approvals.ApproveAsync(approval);

        var ended = await bench.EndAsync(task);
        Assert.Equal(status, ended.GetProperty("status").GetString());
        Assert.Contains(text, ended.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("own-1", ended.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, bench.Sent);
    }

    [Fact]
    public async Task Call_of_a_grant_that_was_paused_meanwhile_is_not_made()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();
        Assert.Equal(200, (await bench.Approvals.SendAsync("POST", "grants/agent/pause", new JsonObject())).Status);

        await bench.Approvals.ApproveAsync(approval);

        await Soon.UntilAsync(() => bench.Events().Contains("unsent"), "the end is on record");
        Assert.Equal(200, (await bench.Approvals.SendAsync("POST", "grants/agent/resume", new JsonObject())).Status);
        Assert.Contains("the grant was revoked, paused or expired",
            ApprovalTaskBench.TextOf(await bench.StateAsync(task)), StringComparison.Ordinal);
        Assert.Equal(0, bench.Sent);
    }

    [Fact]
    public async Task Denies_when_the_definition_of_the_tool_has_changed_since_the_call_was_made()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (answer, description) = (bench.Approvals.Server.Answer, "Pays once.");
        bench.Approvals.Server.Answer = (http, request) => ListingOf(request, description) is { } result
            ? RecordingServer.JsonAsync(
                http, $$"""{"jsonrpc":"2.0","id":{{ApprovalTaskBench.IdOf(request)}},"result":{{result}}}""")
            : answer(http, request);
        Assert.Equal(200, (await bench.Approvals.SendAsync("GET", "catalogue/srv?refresh=1")).Status);
        var (task, approval) = await bench.CreateAsync();
        description = "Pays twice.";
        await bench.Approvals.SendAsync("GET", "catalogue/srv?refresh=1");

        await bench.Approvals.ApproveAsync(approval);

        Assert.Contains("the definition of the tool has changed while the call waited",
            ApprovalTaskBench.TextOf(await bench.EndAsync(task)), StringComparison.Ordinal);
        await Soon.UntilAsync(() => bench.Events().Contains("unsent"), "the end is on record");
        Assert.Equal(0, bench.Sent);

        static string? ListingOf(RecordedRequest request, string description) =>
            request.Text.Contains("server/discover", StringComparison.Ordinal) ? """
                {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},
                 "serverInfo":{"name":"s","version":"1"},"ttlMs":0,"cacheScope":"private"}
                """
            : request.Text.Contains("tools/list", StringComparison.Ordinal) ? $$"""
                {"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[
                 {"name":"refund","description":"{{description}}","inputSchema":{"type":"object"} }]}
                """ : null;
    }

    [Fact]
    public async Task Call_that_the_gateway_ends_after_15_minutes_may_have_been_executed()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        bench.Time.Due = static due => due == TimeSpan.FromMinutes(15) ? TimeSpan.FromMilliseconds(200) : due;
        bench.Approvals.Server.Answer = static (http, _) => RecordingServer.UntilGoneAsync(http);
        var (task, approval) = await bench.CreateAsync();

        await bench.Approvals.ApproveAsync(approval);

        Assert.Equal("No result: the server srv did not respond within 15 minutes. The call may have been executed, "
            + "and it counts against your limits. Check before you repeat it.",
            ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
        Assert.Equal(1, bench.Sent);
    }

    [Fact]
    public async Task Limits_are_taken_when_the_call_is_made_and_the_approval_stays_for_an_identical_call()
    {
        await using var bench = await ApprovalTaskBench.StartAsync(
            """, "limits": [ { "counter": "refunds", "window": "hour", "max": 1 } ] """,
            start: new DateTimeOffset(2026, 1, 15, 12, 0, 5, TimeSpan.Zero));
        var (first, one) = await bench.CreateAsync();
        var (second, two) = await bench.CreateAsync(arguments: """{"amount":6}""");
        await bench.Approvals.ApproveAsync(one);
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(first)));

        await bench.Approvals.ApproveAsync(two);

        var ended = await bench.EndAsync(second);
        Assert.Contains("refunds", ApprovalTaskBench.TextOf(ended), StringComparison.Ordinal);
        Assert.True(ended.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Equal(1, bench.Sent);
        bench.Time.Jump(TimeSpan.FromMinutes(61));
        var (_, three) = await bench.CreateAsync(arguments: """{"amount":6}""");
        Assert.NotEqual(two, three);
    }

    [Fact]
    public async Task Error_of_the_server_fails_the_task_and_a_large_result_is_reported()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var answer = """{"jsonrpc":"2.0","id":"task","error":{"code":-32603,"message":"broken"}}""";
        bench.Approvals.Server.Answer = (http, _) => RecordingServer.JsonAsync(http, answer);
        var (task, approval) = await bench.CreateAsync();
        await bench.Approvals.ApproveAsync(approval);
        var failed = await bench.EndAsync(task);
        Assert.Equal("failed", failed.GetProperty("status").GetString());
        Assert.Equal("broken", failed.GetProperty("error").GetProperty("message").GetString());

        answer = """{"jsonrpc":"2.0","id":"task","result":{"content":[{"type":"text","text":"LONG"}]}}"""
            .Replace("LONG", new string('x', 300_000), StringComparison.Ordinal);
        (task, approval) = await bench.CreateAsync(arguments: """{"amount":6}""");
        await bench.Approvals.ApproveAsync(approval);
        var large = await bench.EndAsync(task);

        Assert.Contains("responded with more than 262144 bytes", ApprovalTaskBench.TextOf(large),
            StringComparison.Ordinal);
        Assert.Equal(2, bench.Sent);
    }

    [Fact]
    public async Task Result_in_an_event_stream_is_the_result_of_the_task()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        bench.Approvals.Server.Answer = static async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(
                "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n"
                + "data: {\"jsonrpc\":\"2.0\",\"id\":\"task\",\"result\":"
                + "{\"content\":[{\"type\":\"text\",\"text\":\"late\"}]}}\n\n");
        };
        var (task, approval) = await bench.CreateAsync();
        await bench.Approvals.ApproveAsync(approval);
        Assert.Equal("late", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
    }

    [Fact]
    public async Task Unreachable_server_leaves_the_call_unsent_and_uncounted()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();
        await bench.Approvals.Server.StopAsync();

        await bench.Approvals.ApproveAsync(approval);

        var ended = await bench.EndAsync(task);
        Assert.Contains("did not reach the server and was not counted", ended.GetRawText(), StringComparison.Ordinal);
        await bench.RecordedAsync("asked", "approved", "unsent");
    }
}
