using Gateway.Policy.Decisions;

namespace Gateway.Policy.Rules;

/// <summary>
/// The order of evaluation of a <c>tools/call</c>: hidden, then by the rule of its exact name, its class, a pattern or
/// the default: default, ambiguous name, pin, action, arguments, require,
/// deny_if, approve_if, costs.
/// </summary>
internal static class ToolEvaluator
{
    public static PolicyDecision Decide(PolicyBinding binding, RuleSet rules, in PolicyCall call)
    {
        if (call.Name is not { } tool)
            return BuiltInDecisions.Unnamed;
        var name = rules.Names.Of(tool);
        if (name.Hidden is { } hidden)
            return hidden;
        var rule = rules.Names.RuleOf(name, call.Class);
        if (ShowCheck.Evaluate(binding, rule, call.Caller) is { } hiddenHere)
            return hiddenHere;
        var isDenied = rule.Denial is not null && !rule.IsDenialShadow;
        if (isDenied && ReferenceEquals(rule, rules.OtherTools))
            return rule.Denial!;
        var ambiguous = NameCheck.Evaluate(rules.Names, name, call.Listing, call.Standing, out var isRecorded);
        if (ambiguous is not null && !isRecorded)
            return ambiguous;
        var pin = PinCheck.Evaluate(rule, call.Standing, out isRecorded);
        if (pin is not null && !isRecorded)
            return pin;
        if (isDenied)
            return rule.Denial!;
        var recorded = ambiguous ?? pin;
        if (rule.NeedsArguments)
            return DecideByArguments(binding, rule, call, recorded);
        return recorded is null
            ? binding.Admission(rule, call)
            : AllowedDecision.Of(binding, rule, call, arguments: null, recorded, ask: null);
    }

    /// <summary>
    /// Returns the memory needed to evaluate the arguments, in bytes; 0 if they are short or no rule reads them.
    /// </summary>
    public static long EvaluationBytes(RuleSet rules, in PolicyCall call)
    {
        if (call.Arguments.Length <= CallArguments.SmallBytes || call.Name is not { } tool
            || rules.Names.Of(tool) is not { Hidden: null } name)
        {
            return 0;
        }

        var rule = rules.Names.RuleOf(name, call.Class);
        return (rule.Denial is not null && !rule.IsDenialShadow) || !rule.NeedsArguments
            ? 0
            : ArgumentsMeasure.Of(call.Arguments.Span, rule.ArgumentsRead);
    }

    private static PolicyDecision DecideByArguments(
        PolicyBinding binding, ToolRule rule, in PolicyCall call, PolicyDecision? recorded)
    {
        // Unreadable arguments are malformed, which is enforced even in shadow mode.
        if (CallArguments.Read(call.Arguments, rule.ArgumentsRead) is not { } arguments)
            return BuiltInDecisions.UnreadableArguments;
        var shadow = recorded ?? AllowedDecision.ShadowDenial(rule);
        PolicyDecision? ask = null;
        var work = new CheckWork(binding, arguments, call);
        foreach (var check in rule.Checks)
        {
            if (work.Evaluate(check) is not { } found)
                continue;
            if (check.IsShadow)
                shadow ??= found;
            else if (found.Outcome == DecisionOutcome.Ask)
                ask ??= found;
            else
                return found;
        }

        return rule.HasMeasuredCosts || shadow is not null || ask is not null
            ? AllowedDecision.Of(binding, rule, call, arguments, shadow, ask)
            : binding.Admission(rule, call);
    }
}
