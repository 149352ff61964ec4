using Gateway.Proxy.Tests.Pipeline;
using Xunit.Abstractions;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>Approve, deny, expire, standing approvals, retries: in the order of a seed, at three gateways.</summary>
public sealed class ApprovalRaceTests(ITestOutputHelper output)
{
    private const int Seeds = 150;

    private const string Policy = """
        { "version": "1", "default": "deny", "tools": { "refund": {
          "action": "approve", "approval": { "expires": "60s", "wait": "0s" } } } }
        """;

    [Fact]
    public async Task No_history_lets_more_calls_through_than_people_approved()
    {
        var (sent, further) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var history = await RunAsync(seed, SteppedStore.Fault.Unreliable);
            Assert.True(history.Violations.Count == 0, $"seed {seed}: {string.Join("; ", history.Violations)}");
            sent += history.Sent;
            further += history.SentByStanding;
        }

        output.WriteLine($"{Seeds} histories, {sent} calls went ahead, and {further} by standing approvals");
        Assert.True(sent > Seeds / 2 && further > Seeds / 4, $"{sent} and {further} calls went ahead");
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

    private static async Task<ApprovalHistory> RunAsync(int seed, SteppedStore.Fault fault)
    {
        var random = new Random(seed);
        var store = new SteppedStore(random, fault);
        var gateways = new StageBench[3];
        for (var i = 0; i < gateways.Length; i++)
            gateways[i] = await StageBench.OpenAsync(Policy, store);
        var history = new ApprovalHistory(store, random, gateways);
        history.Run(agents: 6, operators: 2);
        foreach (var gateway in gateways)
            await gateway.DisposeAsync();
        return history;
    }
}
