using Gateway.Proxy.Tests.Pipeline;
using Xunit.Abstractions;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>
/// Tasks that wait for approval or for room of a limit, and tasks of long calls: create, approve, poll, respond
/// to requests for input, withdraw, cancel, expire, stop and take over, in the order of a seed, at three gateways.
/// </summary>
public sealed class TaskRaceTests(ITestOutputHelper output)
{
    private const int Seeds = 120;

    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "refund": {
          "action": "approve", "approval": { "expires": "90s", "wait": "0s" } }, "export": {},
          "mail": { "limits": [ { "counter": "mails", "window": "minute", "max": 1, "wait": "2m" } ] } } }
        """;

    [Fact]
    public async Task No_history_sends_a_call_twice_or_without_approval_and_every_task_ends()
    {
        var (sent, inTurn, again, ends) = (0, 0, 0, new Dictionary<string, int>());
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var history = await RunAsync(seed, SteppedStore.Fault.Unreliable);
            Assert.True(history.Violations.Count == 0, $"seed {seed}: {string.Join("; ", history.Violations)}");
            (sent, inTurn) = (sent + history.Sent, inTurn + history.SentInTurn);
            again += history.Rounds;
            foreach (var (status, count) in history.Ends)
                ends[status] = ends.GetValueOrDefault(status) + count;
        }

        output.WriteLine($"{Seeds} histories, {sent} calls sent, {inTurn} of them in their turn, {again} rounds, "
            + string.Join(", ", ends.Select(static one => $"{one.Value} tasks {one.Key}")));
        Assert.True(sent > Seeds / 2 && ends["completed"] > Seeds && ends["cancelled"] > Seeds / 8
            && inTurn > Seeds / 2 && again > Seeds / 40,
            $"{sent} calls were sent, and {again} rounds; {string.Join(", ", ends)}");
    }

    [Fact]
    public async Task A_store_that_takes_every_write_is_found_out()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var history = await RunAsync(seed, SteppedStore.Fault.TakesEveryWrite);
            if (history.Violations.Count > 0)
            {
                output.WriteLine($"seed {seed}: {history.Violations[0]}");
                return;
            }
        }

        Assert.Fail($"{Seeds} histories found nothing");
    }

    private static async Task<TaskHistory> RunAsync(int seed, SteppedStore.Fault fault)
    {
        var random = new Random(seed);
        var store = new SteppedStore(random, fault);
        var gateways = new StageBench[3];
        for (var i = 0; i < gateways.Length; i++)
            gateways[i] = await StageBench.OpenAsync(Policy, store);
        var history = new TaskHistory(store, random, gateways);
        history.Run();
        history.Settle();
        foreach (var gateway in gateways)
            await gateway.DisposeAsync();
        return history;
    }
}
