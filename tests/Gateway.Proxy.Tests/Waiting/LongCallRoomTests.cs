using Gateway.Mcp.Protocol;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.TaskRuns;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>The room for results of long calls.</summary>
public sealed class LongCallRoomTests
{
    private const string Policy = """{ "version": "1", "default": "allow" }""";

    [Fact]
    public async Task At_the_bound_of_its_caller_a_call_becomes_no_task_until_others_have_ended()
    {
        await using var bench = await StageBench.OpenAsync(Policy);
        using var call = bench.ToolCall("export", revision: McpRevision.Stateless);
        var (calls, claims) = (bench.Get<LongCalls>(), new List<TaskClaim>());
        while (await calls.TryStoreAsync(call) is { } claim)
            claims.Add(claim);

        Assert.Equal(ApprovalTasks.BytesPerCallerMax / (ApprovalTasks.ResultBytesMax / 3 * 4), claims.Count);
        Assert.Empty(await bench.Get<ApprovalService>().ListAsync(default));

        // The short result of the first takes a part of its room.
        foreach (var claim in claims.Take(2))
            await bench.Get<TaskEnds>().EndAsync(claim, TaskRun.Unanswered(isSent: true, "it was done"));
        Assert.NotNull(await calls.TryStoreAsync(call));
        claims.ForEach(static claim => claim.Dispose());
    }
}
