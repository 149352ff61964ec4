using System.Collections.Frozen;
using Gateway.Audit.Records;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Policy.Variants;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.TaskRuns;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>Single steps of calls that wait as tasks, over a store that loses responses to writes.</summary>
public sealed class ApprovalTaskStepTests : IAsyncLifetime
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "refund": {
          "action": "approve", "approval": { "expires": "60s", "wait": "0s" } }, "export": {} } }
        """;

    private readonly ConflictingStore _store = new();
    private StageBench _bench = null!;

    public async Task InitializeAsync() => _bench = await StageBench.OpenAsync(Policy, _store);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, false)]
    public async Task Request_whose_write_got_no_response_is_found_or_reported_as_uncertain(int lost, bool isFound)
    {
        using var call = Call("refund");
        var priced = await _bench.PriceAsync(call);
        _store.Lost = lost;

        var refusal = (await _bench.EndAsync<PricedCall, ApprovedCall>(priced)).Refusal!;

        Assert.Single(await _bench.Get<ApprovalService>().ListAsync(default));
        Assert.Equal(isFound, refusal.TaskState is not null);
        Assert.Equal(!isFound, refusal.Text.Contains("The call may still be made", StringComparison.Ordinal));
        if (isFound)
            await Soon.UntilAsync(IsAsked, "the request is on record");
        else
            Assert.False(IsAsked());

        bool IsAsked() => _bench.RecordsNow().Any(static record =>
            record.TryGetProperty("became", out var became) && became.GetString() == "asked");
    }

    [Fact]
    public async Task Task_whose_write_to_an_open_request_got_no_response_is_reported_as_uncertain()
    {
        using var plain = _bench.ToolCall("refund");
        await _bench.EndAsync<PricedCall, ApprovedCall>(await _bench.PriceAsync(plain));
        using var call = Call("refund");
        var priced = await _bench.PriceAsync(call);
        _store.Lost = 3;

        var refusal = (await _bench.EndAsync<PricedCall, ApprovedCall>(priced)).Refusal!;

        Assert.Contains("The call may still be made", refusal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_requests_that_become_tasks_at_the_same_time_do_not_exceed_the_bound()
    {
        const int Free = 2;
        await using var bench = await StageBench.OpenAsync(Policy);
        var book = bench.Get<ApprovalRepository>();
        await AskAsync(bench, TaskHistory.Declared);
        var task = ApprovalRepository.All(await book.ReadAsync(default)).Single().Approval;
        for (var i = 1; i < ApprovalTasks.PerGrantMax - Free; i++)
        {
            var id = CallId.New().ToString();
            await book.WriteAsync(id, 0, task with { Id = id, State = ApprovalState.Denied }, default);
        }

        string[] arguments = [.. Enumerable.Range(0, 8).Select(static i => $$""", "arguments": {"n": {{i}} } """)];
        await Task.WhenAll(arguments.Select(one => AskAsync(bench, one)));
        await Task.WhenAll(arguments.Select(one => AskAsync(bench, one + TaskHistory.Declared)));

        Assert.Equal(
            ApprovalTasks.PerGrantMax, ApprovalRepository.WithTasks(await book.ReadAsync(default)).Count());
    }

    [Theory]
    [InlineData("refund", "1", "2")]
    [InlineData("refund", null, "2")]
    [InlineData("export", "1", "2")]
    [InlineData("export", null, "2")]
    public async Task Denies_when_the_tool_has_changed_or_was_unknown(string tool, string? before, string now)
    {
        Know(before);
        using var claim = tool == "refund" ? await ApproveAsync() : await LongAsync();
        Know(now);
        using var call = _bench.ToolCall(tool, "", McpRevision.Stateless, claim);

        var end = await _bench.EndAsync<PricedCall, ApprovedCall>(await _bench.PriceAsync(call));

        Assert.Same(before is null ? ApprovalRefusals.ToolUnknown : ApprovalRefusals.ToolChanged, end.Refusal);
    }

    [Fact]
    public async Task Cancellation_after_input_was_given_and_before_it_was_sent_ends_the_task()
    {
        using var claim = await ApproveAsync();
        var task = new OwnTask(claim.Approval.Id, claim.Entry.Name);
        using var call = _bench.ToolCall("refund", "", McpRevision.Stateless, claim);
        await _bench.AdmitAsync(call);
        await _bench.Get<TaskEnds>().EndAsync(claim, TaskHistory.Input);
        Assert.Equal("input_required", await SendAsync("tasks/get", task));
        await SendAsync("tasks/update", task);
        using var round = await ClaimAsync();

        await SendAsync("tasks/cancel", task);

        Assert.Equal("cancelled", await SendAsync("tasks/get", task));
        Assert.False(await round.TryUseAsync("again"));
    }

    private static Task AskAsync(StageBench bench, string more) => Task.Run(async () =>
    {
        using var call = bench.Call("tools/call", $$""" "name":"refund"{{more}} """, McpRevision.Stateless);
        await bench.EndAsync<PricedCall, ApprovedCall>(await bench.PriceAsync(call));
    });

    private CallContext Call(string tool) => _bench.ToolCall(tool, TaskHistory.Declared, McpRevision.Stateless);

    /// <summary>Makes a call, approves it, and claims its task.</summary>
    private async Task<TaskClaim> ApproveAsync()
    {
        using var call = Call("refund");
        await _bench.EndAsync<PricedCall, ApprovedCall>(await _bench.PriceAsync(call));
        var approvals = _bench.Get<ApprovalService>();
        var open = Assert.Single(await approvals.ListAsync(default));
        await approvals.AnswerAsync(open.Id, new Approver(new Actor("Ada"), null), new GivenAnswer(true), default);
        return await ClaimAsync();
    }

    private async Task<TaskClaim> LongAsync()
    {
        using var call = Call("export");
        return (await _bench.Get<LongCalls>().TryStoreAsync(call))!;
    }

    private async Task<TaskClaim> ClaimAsync()
    {
        var ends = _bench.Get<TaskEnds>();
        var documents = await _bench.Get<ApprovalRepository>().ReadAsync(default);
        var entry = Assert.Single(ApprovalRepository.WithTasks(documents));
        Assert.True(TaskClaim.IsDue(entry.Approval, ends.NowMs));
        return (await ends.TryClaimAsync(entry))!;
    }

    private void Know(string? contract)
    {
        if (contract is null)
            return;
        string[] tools = ["refund", "export"];
        _bench.Get<PinnedTools>().Replace(
            new Dictionary<string, PinnedServer>
            {
                ["srv"] = new(
                    1, FrozenDictionary<string, ToolStanding>.Empty, FrozenDictionary<string, AcceptedTool>.Empty,
                    tools.ToFrozenDictionary(
                        static tool => tool, tool => new ToolDefinition(tool, contract, "", "", "")),
                    new ListedNames(tools), new ListedNames([]), DateTimeOffset.UnixEpoch),
            },
            new HashSet<string> { "srv" });
    }

    private async Task<string?> SendAsync(string method, OwnTask task)
    {
        using var call = _bench.Call(
            method, """ "taskId":"x","inputResponses":{"1.who":{} } """, McpRevision.Stateless);
        await _bench.Get<ApprovalTasks>().AnswerAsync(call, task);
        return JsonDocument.Parse(StageBench.Answer(call)).RootElement.GetProperty("result")
            .TryGetProperty("status", out var status) ? status.GetString() : null;
    }
}
