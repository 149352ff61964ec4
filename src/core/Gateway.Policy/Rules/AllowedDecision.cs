using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>Makes the decision for a call that no rule denies: its costs, and whether it needs approval.</summary>
internal static class AllowedDecision
{
    /// <summary>Returns a decision that depends on no argument.</summary>
    public static PolicyDecision Of(PolicyBinding binding, ToolRule rule, in PolicyCall call) =>
        Of(binding, rule, call, arguments: null, ShadowDenial(rule), ask: null);

    /// <param name="binding">The binding whose counters are charged.</param>
    /// <param name="rule">The rule that covers the tool.</param>
    /// <param name="call">The call, for its session and its caller.</param>
    /// <param name="arguments">The arguments; null only if every cost is fixed.</param>
    /// <param name="shadow">The first denial or ask that shadow mode suppressed.</param>
    /// <param name="ask">The first <c>approve_if</c> that requires approval.</param>
    public static PolicyDecision Of(
        PolicyBinding binding, ToolRule rule, in PolicyCall call, JsonNode? arguments, PolicyDecision? shadow,
        PolicyDecision? ask)
    {
        var costs = ImmutableArray.CreateBuilder<DecisionCost>(rule.Limits.Length);
        var shadowCosts = ImmutableArray.CreateBuilder<DecisionCost>();
        foreach (var limit in rule.Limits)
        {
            var cost = limit.FixedCost;
            if (limit.CostFrom is { } path && !ArgumentCost.TryRead(arguments!, path, out cost, out var problem))
            {
                var denial = ArgumentCost.Deny(limit.Pointer, path, $"limit on {limit.Counter}", problem);
                if (!limit.IsShadow)
                    return denial;
                shadow ??= denial;
                continue;
            }

            if (!ArgumentValue.TryRead(binding, limit, call, arguments, out var values, out var unreadable))
            {
                if (!limit.IsShadow)
                    return unreadable!;
                shadow ??= unreadable;
                continue;
            }

            (limit.IsShadow ? shadowCosts : costs).Add(limit.Charge(binding, call.SessionId, cost, values));
        }

        foreach (var use in rule.Budgets)
        {
            var cost = use.FixedCost;
            PolicyDecision? denial = null;
            if (use.CostFrom is { } path && !ArgumentCost.TryRead(arguments!, path, out cost, out var problem))
                denial = ArgumentCost.Deny(use.Pointer, path, $"budget {use.Budget}", problem);
            var charge = default(DecisionCost?);
            if (denial is null)
                (charge, denial) = use.Charge(binding, cost);
            if (denial is not null && !use.IsShadow)
                return denial;
            shadow ??= denial;
            if (charge is { } one)
                (use.IsShadow ? shadowCosts : costs).Add(one);
        }

        var decision = Decide(rule, costs.ToImmutable(), shadowCosts.ToImmutable(), shadow, ask);
        return rule.InFlight.IsEmpty ? decision : decision with
        {
            InFlight = Places(binding, rule, isShadow: false),
            ShadowInFlight = decision.Shadow is { Outcome: DecisionOutcome.Deny }
                ? [] : Places(binding, rule, isShadow: true),
        };
    }

    /// <summary>Returns the denial by action or default that shadow mode suppresses, if any.</summary>
    public static PolicyDecision? ShadowDenial(ToolRule rule) => rule.IsDenialShadow ? rule.Denial : null;

    private static PolicyDecision Decide(
        ToolRule rule, ImmutableArray<DecisionCost> costs, ImmutableArray<DecisionCost> shadowCosts,
        PolicyDecision? shadow, PolicyDecision? ask)
    {
        if (rule.IsAsked && rule.IsApprovalShadow)
            shadow ??= Ask(rule);
        else if (rule.IsAsked)
            ask ??= Ask(rule);

        // A call that would have been denied without shadow mode would not have counted on any shadow counter.
        if (shadow is { Outcome: DecisionOutcome.Deny })
            shadowCosts = [];
        return (ask ?? BuiltInDecisions.Allow(rule.Pointer)) with
        {
            Approval = ask is null ? null : rule.Approval,
            RuleSha256 = ask is null ? null : rule.Sha256,
            Costs = costs,
            Notifies = rule.Notifies,
            LimitCosts = ForEngine(costs),
            ShadowCosts = shadowCosts,
            ShadowLimitCosts = ForEngine(shadowCosts),
            Shadow = shadow is { Outcome: DecisionOutcome.Ask } ? shadow with { Approval = rule.Approval } : shadow,
            Rounds = rule.Rounds,
            Results = rule.Results,
        };
    }

    private static ImmutableArray<DecisionCost> Places(PolicyBinding binding, ToolRule rule, bool isShadow) =>
        [.. rule.InFlight.Where(one => one.IsShadow == isShadow).Select(one => one.Place(binding))];

    private static PolicyDecision Ask(ToolRule rule) => BuiltInDecisions.Ask(
        $"{rule.Pointer}/action", rule.AskReason ?? "A person has to approve this call");

    private static ImmutableArray<LimitCost> ForEngine(ImmutableArray<DecisionCost> costs) =>
        [.. costs.Select(static cost => cost.Cost)];
}
