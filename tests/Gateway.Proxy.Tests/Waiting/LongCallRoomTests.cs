using Gateway.Mcp.Protocol;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.TaskRuns;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>The room for results of long calls.</summary>
public sealed class LongCallRoomTests
{
    private const int AtOnceMax = (int)(TaskRoom.BytesPerCallerMax / (ApprovalTasks.ResultBytesMax / 3 * 4));
    private const string Policy = """{ "version": "1", "default": "allow" }""";

    [Fact]
    public async Task At_the_bound_of_its_caller_a_call_becomes_no_task_until_others_have_ended()
    {
        await using var bench = await StageBench.OpenAsync(Policy);
        using var call = bench.ToolCall("export", revision: McpRevision.Stateless);
        var (calls, claims) = (bench.Get<LongCalls>(), new List<TaskClaim>());
        while (await calls.TryStoreAsync(call) is { } claim)
            claims.Add(claim);

        Assert.Equal(AtOnceMax, claims.Count);
        Assert.Empty(await bench.Get<ApprovalService>().ListAsync(default));

        // The short result of the first takes a part of its room.
        foreach (var claim in claims.Take(2))
            await bench.Get<TaskEnds>().EndAsync(claim, TaskRun.Unanswered(isSent: true, "it was done"));
        Assert.NotNull(await calls.TryStoreAsync(call));
        claims.ForEach(static claim => claim.Dispose());
    }

    [Fact]
    public async Task At_the_bound_of_its_grant_a_call_of_a_further_caller_becomes_no_task()
    {
        await using var bench = await StageBench.OpenAsync(Policy);
        using var call = bench.ToolCall("export", revision: McpRevision.Stateless);
        var (calls, claims) = (bench.Get<LongCalls>(), new List<TaskClaim>());
        foreach (var token in (string[])["pgw_1", "pgw_2", "pgw_3"])
        {
            using var own = new CallContext(
                call.Http, call.Grant with { Token = TokenHash.Of(token) }, call.Server, call.Message, call.Revision,
                call.Session, call.NowMs);
            while (await calls.TryStoreAsync(own) is { } claim)
                claims.Add(claim);
        }

        Assert.Equal(48, claims.Count);
        claims.ForEach(static claim => claim.Dispose());
    }

    [Fact]
    public async Task Calls_that_become_tasks_at_the_same_time_do_not_exceed_the_bound()
    {
        await using var bench = await StageBench.OpenAsync(Policy);
        using var call = bench.ToolCall("export", revision: McpRevision.Stateless);
        var calls = bench.Get<LongCalls>();

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 2 * AtOnceMax).Select(_ => Task.Run(() => calls.TryStoreAsync(call).AsTask())));

        Assert.Equal(AtOnceMax, claims.OfType<TaskClaim>().Count());
        Array.ForEach(claims, static claim => claim?.Dispose());
    }

    [Fact]
    public async Task Call_that_may_only_connect_stays_so_while_it_may_become_a_task()
    {
        await using var bench = await StageBench.OpenAsync(Policy);
        using var call = bench.ToolCall("export", revision: McpRevision.Stateless);
        using var outer = new CallContext(
            call.Http, call.Grant, call.Server, call.Message, call.Revision, call.Session, call.NowMs)
        {
            MayOnlyConnect = true,
        };
        bool? mayOnlyConnect = null;

        await bench.Get<LongCalls>().RunAsync(outer, Soon.AtMost, inner =>
        {
            mayOnlyConnect = inner.MayOnlyConnect;
            return Task.FromResult(true);
        });

        Assert.True(mayOnlyConnect);
    }
}
