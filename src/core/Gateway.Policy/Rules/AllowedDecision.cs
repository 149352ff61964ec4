using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>Makes the decision for a call that no rule denies: its costs, and whether a person is asked.</summary>
internal static class AllowedDecision
{
    /// <summary>A decision that depends on no argument.</summary>
    public static PolicyDecision Of(PolicyBinding binding, ToolRule rule, string? session) =>
        Of(binding, rule, session, arguments: null, ShadowDenial(rule));

    /// <param name="binding">Whose counters are charged.</param>
    /// <param name="rule">The rule that covers the tool.</param>
    /// <param name="session">The session, or null where there is none.</param>
    /// <param name="arguments">Null only where every cost is fixed.</param>
    /// <param name="shadow">The first denial that shadow mode suppressed.</param>
    public static PolicyDecision Of(
        PolicyBinding binding, ToolRule rule, string? session, JsonNode? arguments, PolicyDecision? shadow)
    {
        var costs = ImmutableArray.CreateBuilder<DecisionCost>(rule.Limits.Length);
        var shadowCosts = ImmutableArray.CreateBuilder<DecisionCost>();
        foreach (var limit in rule.Limits)
        {
            var cost = limit.FixedCost;
            if (limit.CostFrom is { } path && !ArgumentCost.TryRead(arguments!, path, out cost, out var problem))
            {
                var denial = ArgumentCost.Deny(limit, problem);
                if (!limit.IsShadow)
                    return denial;
                shadow ??= denial;
                continue;
            }

            (limit.IsShadow ? shadowCosts : costs).Add(limit.Charge(binding, session, cost));
        }

        return Decide(rule, costs.ToImmutable(), shadowCosts.ToImmutable(), shadow);
    }

    /// <summary>The denial by action or default that shadow mode suppresses, if any.</summary>
    public static PolicyDecision? ShadowDenial(ToolRule rule) => rule.IsDenialShadow ? rule.Denial : null;

    private static PolicyDecision Decide(
        ToolRule rule, ImmutableArray<DecisionCost> costs, ImmutableArray<DecisionCost> shadowCosts,
        PolicyDecision? shadow)
    {
        var ask = rule.Approval is null ? null : Ask(rule);
        if (rule.IsApprovalShadow)
            shadow ??= ask;

        // A call that shadow mode would have denied would have counted on none of its shadow counters.
        if (shadow is { Outcome: DecisionOutcome.Deny })
            shadowCosts = [];
        var decision = ask is null || rule.IsApprovalShadow ? BuiltInDecisions.Allow(rule.Pointer) : ask;
        return decision with
        {
            Costs = costs,
            LimitCosts = ForEngine(costs),
            ShadowCosts = shadowCosts,
            ShadowLimitCosts = ForEngine(shadowCosts),
            Shadow = shadow,
            Rounds = rule.Rounds,
        };
    }

    private static PolicyDecision Ask(ToolRule rule) => new()
    {
        Outcome = DecisionOutcome.Ask,
        Rule = $"{rule.Pointer}/action",
        Reason = rule.AskReason ?? "A person has to approve this call",
        NextStep = "Wait for the approval, then call again with the same arguments.",
        Approval = rule.Approval,
    };

    private static ImmutableArray<LimitCost> ForEngine(ImmutableArray<DecisionCost> costs) =>
        [.. costs.Select(static cost => cost.Cost)];
}
