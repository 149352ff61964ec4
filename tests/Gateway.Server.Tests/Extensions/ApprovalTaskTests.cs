using Gateway.Server.Tests.Approvals;

namespace Gateway.Server.Tests.Extensions;

/// <summary>Calls that wait for a person in a task of the gateway.</summary>
public sealed class ApprovalTaskTests
{
    [Theory]
    [InlineData("/mcp/srv")]
    [InlineData("/mcp")]
    public async Task Approved_call_is_made_once_and_the_task_has_its_result(string path)
    {
        await using var bench = await ApprovalTaskBench.StartAsync(console: "https://ops.example.com");
        var (task, approval) = await bench.CreateAsync(path);
        var waiting = await bench.StateAsync(task, path);
        Assert.Equal("working", waiting.GetProperty("status").GetString());
        var message = waiting.GetProperty("statusMessage").GetString()!;
        Assert.StartsWith("The call of refund waits until 20", message, StringComparison.Ordinal);
        Assert.Contains("by a person who may approve calls to srv", message, StringComparison.Ordinal);
        Assert.Contains(approval, message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Sent);

        await bench.Approvals.ApproveAsync(approval);

        // Nobody polls: the gateway itself makes the call.
        await Soon.UntilAsync(() => bench.Events().Contains("finished"), "the call has been made");
        var ended = await bench.StateAsync(task, path);
        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.Equal("done", ApprovalTaskBench.TextOf(ended));
        await bench.RecordedAsync("asked", "approved", "finished");
        Assert.Equal(1, bench.Sent);
        var sent = bench.Approvals.Server.Requests.Last();
        Assert.DoesNotContain("tasks", sent.Text, StringComparison.Ordinal);
        Assert.Contains("\"arguments\":{\"amount\":5}", sent.Text, StringComparison.Ordinal);
        var record = bench.Approvals.Gateway.AuditRecords().Single(static one =>
            one.TryGetProperty("approvedBy", out _) && one.GetProperty("kind").GetString() == "decision");
        Assert.Equal(
            (approval, "admin", "allowed"),
            (record.GetProperty("approvalId").GetString(), record.GetProperty("approvedBy").GetString(),
                record.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Task_works_at_both_addresses_and_after_a_restart_that_finds_it_approved()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync("/mcp");
        await bench.Approvals.RestartAsync();
        Assert.Equal("working", (await bench.StateAsync(task, "/mcp")).GetProperty("status").GetString());

        await bench.Approvals.ApproveAsync(approval);

        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task, "/mcp/srv")));
        await bench.Approvals.RestartAsync();
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.StateAsync(task, "/mcp")));
        Assert.Equal(1, bench.Sent);
    }

    [Fact]
    public async Task Identical_call_gets_the_same_task_and_another_one_after_the_end()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (first, approval) = await bench.CreateAsync();
        var (second, same) = await bench.CreateAsync();
        Assert.Equal(approval, same);
        await bench.Approvals.ApproveAsync(approval);
        await bench.EndAsync(first);

        var (third, other) = await bench.CreateAsync();

        Assert.NotEqual(approval, other);
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.StateAsync(second)));
        Assert.Equal("working", (await bench.StateAsync(third)).GetProperty("status").GetString());
        Assert.Equal(1, bench.Sent);
    }

    [Fact]
    public async Task Denied_call_ends_as_a_result_with_the_reason()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();

        await bench.Approvals.DenyAsync(approval, "Too much.");

        var ended = await bench.StateAsync(task);
        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.True(ended.GetProperty("result").GetProperty("isError").GetBoolean());
        Assert.Contains("admin denied this call: Too much.", ApprovalTaskBench.TextOf(ended), StringComparison.Ordinal);
        Assert.Equal(409, (await bench.Approvals.ApproveAsync(approval)).Status);
        Assert.Equal(0, bench.Sent);
    }

    [Fact]
    public async Task Request_that_nobody_decides_on_ends_as_a_result_and_is_recorded_once()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();

        bench.Time.Jump(TimeSpan.FromMinutes(16));

        var ended = await bench.StateAsync(task);
        Assert.Equal("completed", ended.GetProperty("status").GetString());
        Assert.Contains("nobody decided", ApprovalTaskBench.TextOf(ended), StringComparison.Ordinal);
        await Soon.UntilAsync(() => bench.Events().Contains("expired"), "the end is on record");
        Assert.Equal(409, (await bench.Approvals.ApproveAsync(approval)).Status);
        await bench.RecordedAsync("asked", "expired");
        Assert.Equal("completed", (await bench.StateAsync(task)).GetProperty("status").GetString());
        bench.Time.Jump(TimeSpan.FromHours(2));
        Assert.Equal(-32602, await CodeAsync(bench, "tasks/get", task));
        Assert.Equal(0, bench.Sent);
    }

    [Theory]
    [InlineData("tasks/cancel", "{}")]
    [InlineData("tasks/update", """{"approval":{"action":"decline"}}""")]
    [InlineData("tasks/update", """{"approval":{"action":"cancel"}}""")]
    public async Task Client_withdraws_only_its_own_request(string method, string responses)
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();
        var (other, open) = await bench.CreateAsync(arguments: """{"amount":6}""");

        await bench.ResultAsync(
            "/mcp/srv", method, $$"""{"taskId":"{{task}}","inputResponses":{{responses}}}""", task);

        Assert.Equal("cancelled", (await bench.StateAsync(task)).GetProperty("status").GetString());
        Assert.Equal("working", (await bench.StateAsync(other)).GetProperty("status").GetString());
        Assert.Equal(409, (await bench.Approvals.ApproveAsync(approval)).Status);
        await bench.RecordedAsync("asked", "asked", "withdrawn");
        await bench.Approvals.ApproveAsync(open);
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(other)));
        Assert.Equal(1, bench.Sent);
    }

    [Theory]
    [InlineData("/mcp/srv")]
    [InlineData("/mcp")]
    public async Task Accept_of_a_client_is_no_decision(string path)
    {
        await using var bench = await ApprovalTaskBench.StartAsync(console: "https://ops.example.com");
        var (task, approval) = await bench.CreateAsync(path);
        var state = await bench.StateAsync(task, path, ApprovalTaskBench.WithLinks);
        Assert.Equal("input_required", state.GetProperty("status").GetString());
        Assert.Equal(
            $"https://ops.example.com/console/#/approvals/{approval}",
            state.GetProperty("inputRequests").GetProperty("approval").GetProperty("params").GetProperty("url")
                .GetString());

        foreach (var content in (string[])["""{"action":"accept"}""", """{"action":"accept","content":{"approve":true}}"""])
            await bench.ResultAsync(path, "tasks/update",
                $$$"""{"taskId":"{{{task}}}","inputResponses":{"approval":{{{content}}}}}""", task, ApprovalTaskBench.WithLinks);

        Assert.Equal("working", (await bench.StateAsync(task, path, ApprovalTaskBench.WithLinks))
            .GetProperty("status").GetString());
        Assert.Equal([approval], await bench.Approvals.OpenAsync(1));
        Assert.Equal(0, bench.Sent);
        await bench.Approvals.ApproveAsync(approval);
        await bench.EndAsync(task, path);
        Assert.Equal(1, bench.Sent);
    }

    [Theory]
    [InlineData("caller", ApprovalTaskBench.WithLinks)]
    [InlineData("grantor", ApprovalTaskBench.WithLinks)]
    [InlineData(null, ApprovalTaskBench.Declared)]
    public async Task Link_is_shown_only_to_a_client_that_opens_links_and_whose_user_may_approve(
        string? barred, string capabilities)
    {
        await using var bench = await ApprovalTaskBench.StartAsync(console: "https://ops.example.com");
        if (barred is not null)
            await bench.Approvals.RestartAsync(policy: policy => policy.Replace(
                "\"wait\"", $"\"not\": \"{barred}\", \"wait\"", StringComparison.Ordinal));
        var (task, _) = await bench.CreateAsync();

        var state = await bench.StateAsync(task, capabilities: capabilities);

        Assert.Equal("working", state.GetProperty("status").GetString());
        Assert.False(state.TryGetProperty("inputRequests", out _));
    }

    [Fact]
    public async Task Two_people_who_decide_at_once_are_one_decision_and_one_call()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 2 == 0
            ? bench.Approvals.ApproveAsync(approval) : bench.Approvals.DenyAsync(approval, "No.")));

        Assert.Equal(1, replies.Count(static reply => reply.Status == 200));
        var ended = await bench.EndAsync(task);
        var isApproved = ApprovalTaskBench.TextOf(ended) == "done";
        Assert.Equal(isApproved ? 1 : 0, bench.Sent);
    }

    [Fact]
    public async Task Task_is_unknown_to_another_grant_and_to_a_client_without_the_extension()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var (task, approval) = await bench.CreateAsync();
        foreach (var method in (string[])["tasks/get", "tasks/update", "tasks/cancel"])
        {
            Assert.Equal(-32602, await CodeAsync(bench, method, task, token: TestTokens.Other));
            Assert.Equal(-32021, await CodeAsync(bench, method, task, capabilities: "{}"));
        }

        Assert.Equal([approval], await bench.Approvals.OpenAsync(1));
    }

    [Fact]
    public async Task Client_without_the_extension_waits_as_before()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        var answer = await bench.SendAsync(
            "/mcp/srv", "tools/call", ApprovalTaskBench.Call("/mcp/srv"), "refund", "{}");
        Assert.Equal("approval_required", ApprovalBench.Decision(answer.Message).GetProperty("outcome").GetString());
        // The same request becomes the task of a client that declares the extension.
        var (task, approval) = await bench.CreateAsync();
        Assert.Equal(
            approval, ApprovalBench.Decision(answer.Message).GetProperty("approvalId").GetString());
        await bench.Approvals.ApproveAsync(approval);
        Assert.Equal("done", ApprovalTaskBench.TextOf(await bench.EndAsync(task)));
        Assert.Equal(1, bench.Sent);
    }

    [Fact]
    public async Task Calls_beyond_the_bound_of_stored_tasks_wait_as_before()
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        for (var amount = 0; amount < 64; amount++)
        {
            var (task, _) = await bench.CreateAsync(arguments: $$"""{"amount":{{amount}}}""");
            await bench.ResultAsync("/mcp/srv", "tasks/cancel", $$"""{"taskId":"{{task}}"}""", task);
        }

        var result = await bench.ResultAsync(
            "/mcp/srv", "tools/call", ApprovalTaskBench.Call("/mcp/srv", """{"amount":64}"""), "refund");
        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains("call again with the same arguments", result.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mcp/srv", "{}", """{"extensions":{"io.modelcontextprotocol/tasks":{}}}""")]
    [InlineData("/mcp/srv", """{"extensions": {}}""", """{"extensions": {"io.modelcontextprotocol/tasks":{}}}""")]
    [InlineData("/mcp/srv", """{"extensions":{"io.modelcontextprotocol/ui":{}},"tools":{}}""",
        """{"extensions":{"io.modelcontextprotocol/tasks":{},"io.modelcontextprotocol/ui":{}},"tools":{}}""")]
    [InlineData("/mcp/srv", """{"extensions":{"io.modelcontextprotocol/tasks":{"a":1}}}""",
        """{"extensions":{"io.modelcontextprotocol/tasks":{"a":1}}}""")]
    [InlineData("/mcp", """{"tools":{}}""",
        """{"tools":{"listChanged":true},"extensions":{"io.modelcontextprotocol/tasks":{}}}""")]
    public async Task Server_of_a_policy_with_approvals_is_described_with_tasks(
        string path, string capabilities, string expected)
    {
        await using var bench = await ApprovalTaskBench.StartAsync();
        bench.Approvals.Server.Answer = (http, request) => RecordingServer.JsonAsync(
            http, """{"jsonrpc":"2.0","id":ID,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":"""
                .Replace("ID", JsonDocument.Parse(request.Body).RootElement.GetProperty("id").GetRawText(),
                    StringComparison.Ordinal)
                + capabilities + ""","serverInfo":{"name":"s","version":"1"}}}""");

        var described = await bench.ResultAsync(path, "server/discover", """{"a":1}""", null);

        Assert.Equal(expected, described.GetProperty("capabilities").GetRawText());
    }

    private static async Task<int> CodeAsync(
        ApprovalTaskBench bench, string method, string task, string capabilities = ApprovalTaskBench.Declared,
        string token = TestTokens.Agent)
    {
        var answer = await bench.SendAsync(
            "/mcp/srv", method, $$"""{"taskId":"{{task}}"}""", task, capabilities, token);
        return answer.Message.GetProperty("error").GetProperty("code").GetInt32();
    }
}
