using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.RetryTokens;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>A retry with the input that the server asked for needs no approval and no room, once a ticket.</summary>
internal sealed class RetryTokenStage(RetryTokenStore tickets) : IStage<DecidedCall, PricedCall>
{
    public async ValueTask<StageResult<PricedCall>> RunAsync(DecidedCall input)
    {
        var (call, decision) = input;
        return IsPriced(decision) && await tickets.TryRedeemAsync(call, decision.Rounds) is { } token
            ? new PricedCall(call, Unpriced(decision), token, token.Round + 1)
            : new PricedCall(call, decision);
    }

    private static bool IsPriced(PolicyDecision decision) => decision.Outcome == DecisionOutcome.Ask
        || !decision.LimitCosts.IsEmpty || !decision.ShadowLimitCosts.IsEmpty;

    /// <summary>What a ticket leaves of a decision: no approval and no limits, in shadow mode neither.</summary>
    private static PolicyDecision Unpriced(PolicyDecision decision) => decision with
    {
        Outcome = DecisionOutcome.Allow,
        Costs = [],
        LimitCosts = [],
        ShadowCosts = [],
        ShadowLimitCosts = [],
        Shadow = decision.Shadow is { Outcome: DecisionOutcome.Ask } ? null : decision.Shadow,
    };
}
