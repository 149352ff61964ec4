using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.RetryTokens;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that redeems the retry token of a retry with the input that the server requested: it needs no approval and
/// no limits, once.
/// </summary>
internal sealed class RetryTokenStage(RetryTokenStore tokens) : IStage<DecidedCall, PricedCall>
{
    public async ValueTask<StageResult<PricedCall>> RunAsync(DecidedCall input)
    {
        var (call, decision) = input;
        return IsPriced(decision) && await tokens.TryRedeemAsync(call, decision.Rounds) is { } token
            ? new PricedCall(call, Unpriced(decision), token, token.Round + 1)
            : new PricedCall(call, decision);
    }

    private static bool IsPriced(PolicyDecision decision) => decision.Outcome == DecisionOutcome.Ask
        || !decision.LimitCosts.IsEmpty || !decision.ShadowLimitCosts.IsEmpty;

    /// <summary>Returns a decision without approval and limits, including those in shadow mode.</summary>
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
