using Gateway.Audit.Records;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Tests.Pipeline;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Tests.Waiting;

/// <summary>
/// Agents that call the same tool again and again at three gateways, operators who approve, deny, let further calls go
/// and take that back, sweepers, and time that goes on: by the stages and services that run in production.
/// </summary>
internal sealed class ApprovalHistory(SteppedStore store, Random random, StageBench[] gateways)
{
    private const int StandingUses = 2;
    private readonly Dictionary<string, int> _sent = [];
    private readonly Dictionary<string, int> _sentByStanding = [];
    private readonly HashSet<string> _approved = [];
    private readonly HashSet<string> _denied = [];
    private readonly List<string> _standing = [];

    /// <summary>Calls that went ahead by an approval of their own.</summary>
    public int Sent => _sent.Values.Sum();

    /// <summary>Calls that went ahead by a standing approval.</summary>
    public int SentByStanding => _sentByStanding.Values.Sum();

    /// <summary>What was promised and not held, in words.</summary>
    public List<string> Violations { get; } = [];

    public void Run(int agents, int operators) => store.Run(
    [
        .. Enumerable.Range(0, agents).Select<int, Func<Task>>(i => () => AgentAsync(gateways[i % gateways.Length])),
        .. Enumerable.Range(0, operators).Select<int, Func<Task>>(
            i => () => OperatorAsync(gateways[i % gateways.Length])),
        () => SweepAsync(gateways[0]),
        () => SweepAsync(gateways[^1]),
        TimeAsync,
    ]);

    private async Task AgentAsync(StageBench gateway)
    {
        for (var tries = 0; tries < 6; tries++)
        {
            await store.TurnAsync();
            using var call = gateway.ToolCall("refund");
            if (await AdmittedAsync(gateway, call) is not { SingleUse: { } leave })
                continue;
            var used = leave.Used!;
            // Its server cannot be reached, now and then: nothing was written, and the leave is good again.
            if (random.Next(4) == 0)
                await leave.ReleaseAsync();
            else if (used.StandingId is { } standing)
                Count(_sentByStanding, standing, StandingUses);
            else
            {
                Count(_sent, used.Id!, 1);
                if (!_approved.Contains(used.Id!))
                    Violations.Add($"{used.Id} went ahead and nobody approved it");
                if (_denied.Contains(used.Id!))
                    Violations.Add($"{used.Id} went ahead and was denied");
            }
        }
    }

    private static async Task<AdmittedCall?> AdmittedAsync(StageBench gateway, CallContext call)
    {
        var priced = await gateway.PriceAsync(call);
        while ((await gateway.RunAsync<PricedCall, ApprovedCall>(priced)).TryGetOutput(out var approved))
        {
            var limited = await gateway.RunAsync<LimitAttempt, AdmittedCall>(new LimitAttempt(approved, null));
            if (limited.TryGetOutput(out var admitted, out var end) || end.ToApproval is not { } again)
                return admitted;
            priced = again;
        }

        return null;
    }

    private async Task OperatorAsync(StageBench gateway)
    {
        var approvals = gateway.Get<ApprovalService>();
        var standing = gateway.Get<StandingService>();
        for (var answers = 0; answers < 5; answers++)
        {
            await store.TurnAsync();
            try
            {
                var asked = await approvals.ListAsync(default);
                foreach (var open in asked.Where(static one => one.State == ApprovalState.Open))
                    await AnswerAsync(approvals, open.Id);
                if (random.Next(4) == 0 && _standing.Count > 0)
                    await standing.RevokeAsync(_standing[random.Next(_standing.Count)], new Actor("Ada"));
            }
            catch (ControlStoreException)
            {
                // They look again.
            }
        }
    }

    private static Approver Somebody => new(new Actor("Ada"), null);

    private async Task AnswerAsync(ApprovalService approvals, string id)
    {
        var kind = random.Next(3);
        if (kind == 2)
        {
            var denied = await approvals.AnswerAsync(id, Somebody, new GivenAnswer(false), default);
            if (denied.Kind == ApprovalReplyKind.Answered)
                _denied.Add(id);
            return;
        }

        // Before the answer is known: it may hold though its writer is not told.
        _approved.Add(id);
        var terms = kind == 1 ? new StandingTerms { Uses = StandingUses, ForMs = 60_000 } : null;
        var reply = await approvals.AnswerAsync(id, Somebody, new GivenAnswer(true) { Standing = terms }, default);
        if (reply.Approval?.StandingId is { } standing)
            _standing.Add(standing);
    }

    private async Task SweepAsync(StageBench gateway)
    {
        for (var rounds = 0; rounds < 6; rounds++)
        {
            await store.TurnAsync();
            try
            {
                await gateway.Get<ApprovalExpirer>().SweepAsync(default);
            }
            catch (ControlStoreException)
            {
                // The next round takes it out.
            }
        }
    }

    private async Task TimeAsync()
    {
        for (var steps = 0; steps < 12; steps++)
        {
            await store.TurnAsync();
            var by = TimeSpan.FromSeconds(random.Next(3) == 0 ? 40 : 1);
            foreach (var gateway in gateways)
                gateway.Time.Jump(by);
        }
    }

    private void Count(Dictionary<string, int> sent, string id, int most)
    {
        sent[id] = sent.GetValueOrDefault(id) + 1;
        if (sent[id] > most)
            Violations.Add($"{sent[id]} calls went ahead by {id}, which is for {most}");
    }
}
