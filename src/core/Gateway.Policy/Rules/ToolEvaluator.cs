using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>
/// The order of evaluation of a <c>tools/call</c>: hidden, default, action, arguments, require, deny_if, approve_if,
/// costs.
/// </summary>
internal static class ToolEvaluator
{
    public static PolicyDecision Decide(PolicyBinding binding, RuleSet rules, in PolicyCall call)
    {
        if (call.Name is not { } tool)
            return BuiltInDecisions.Unnamed;
        if (rules.Hidden.Find(tool) is { } hidden)
            return hidden;
        var rule = rules.RuleFor(tool);
        if (rule.Denial is { } denial && !rule.IsDenialShadow)
            return denial;
        if (!rule.NeedsArguments)
            return binding.Admission(rule, call.SessionId);
        return DecideByArguments(binding, rule, call);
    }

    /// <summary>What it takes to judge the arguments, in bytes; 0 where they are short or no rule reads them.</summary>
    public static long JudgingBytes(RuleSet rules, in PolicyCall call)
    {
        if (call.Arguments.Length <= CallArguments.SmallBytes || call.Name is not { } tool
            || rules.Hidden.Find(tool) is not null)
        {
            return 0;
        }

        var rule = rules.RuleFor(tool);
        return (rule.Denial is not null && !rule.IsDenialShadow) || !rule.NeedsArguments
            ? 0
            : ArgumentsMeasure.Of(call.Arguments.Span, rule.ArgumentsRead);
    }

    private static PolicyDecision DecideByArguments(PolicyBinding binding, ToolRule rule, in PolicyCall call)
    {
        // Arguments that cannot be read are malformed, and that is never in shadow.
        if (CallArguments.Read(call.Arguments, rule.ArgumentsRead) is not { } arguments)
            return BuiltInDecisions.UnreadableArguments;
        var shadow = AllowedDecision.ShadowDenial(rule);
        PolicyDecision? ask = null;
        var work = new CheckWork(binding, arguments, call);
        foreach (var check in rule.Checks)
        {
            if (work.Judge(check) is not { } found)
                continue;
            if (check.IsShadow)
                shadow ??= found;
            else if (found.Outcome == DecisionOutcome.Ask)
                ask ??= found;
            else
                return found;
        }

        return rule.HasMeasuredCosts || shadow is not null || ask is not null
            ? AllowedDecision.Of(binding, rule, call.SessionId, arguments, shadow, ask)
            : binding.Admission(rule, call.SessionId);
    }
}
