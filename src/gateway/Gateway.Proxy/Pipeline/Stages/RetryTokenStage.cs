using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.RetryTokens;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that redeems the retry token of a retry with the input that the server requested: it needs no approval and
/// no limits, once. The document of a task admits each round of its call once, and is its token.
/// </summary>
internal sealed class RetryTokenStage(RetryTokenStore tokens) : IStage<DecidedCall, PricedCall>
{
    public async ValueTask<StageResult<PricedCall>> RunAsync(DecidedCall input)
    {
        var (call, decision) = input;
        // A long call was sent without a claim, so its first request for input has left a token.
        if (call.Claim?.Approval.Task is { Round: { } round } task && !(task.IsLongCall == true && round == 1))
        {
            return round % (decision.Rounds + 1) is > 0 and var free
                ? new PricedCall(call, Unpriced(decision), null, free) : new PricedCall(call, decision);
        }

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
