using System.Collections.Immutable;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Rules;
using Gateway.Policy.Text;

namespace Gateway.Policy.Explaining;

/// <summary>
/// Explains step by step how a policy reaches its decision. The decision is the engine's own; the steps follow the same
/// rules in the same order.
/// </summary>
public static class PolicyExplainer
{
    private const string Pass = "pass";
    private const string Deny = "deny";
    private const string Ask = "ask";
    private const string WouldDeny = "would deny";

    /// <summary>Explains one message.</summary>
    public static PolicyExplanation Explain(PolicyBinding binding, in PolicyCall call)
    {
        ArgumentNullException.ThrowIfNull(binding);
        var decision = PolicyEngine.Decide(binding, call);
        var steps = ImmutableArray.CreateBuilder<PolicyStep>();
        if (binding.Rules is { } rules && call is { Subject: PolicySubject.Tool, Name: { } tool })
            Walk(binding, rules, tool, call, decision, steps);
        else
            steps.Add(new("method", decision.Rule, Word(decision), Sentence(decision, "this is allowed")));
        return new PolicyExplanation(steps.ToImmutable(), decision);
    }

    private static void Walk(
        PolicyBinding binding,
        RuleSet rules,
        string tool,
        in PolicyCall call,
        PolicyDecision decision,
        ImmutableArray<PolicyStep>.Builder steps)
    {
        var name = rules.Names.Of(tool);
        if (name.Hidden is { } hidden)
        {
            steps.Add(new("hide", hidden.Rule, Deny, hidden.Reason));
            return;
        }

        steps.Add(new("hide", PolicyRuleNames.Hidden, Pass, $"{tool} is not hidden"));
        var rule = rules.Names.RuleOf(name, call.Class);
        steps.Add(new("entry", rule.Pointer, Pass, WhyRule(rules, name, rule, tool, call.Class)));
        if (!rule.ShowIf.IsEmpty)
        {
            var hiddenHere = ShowCheck.Evaluate(binding, rule, call.Caller);
            steps.Add(new("show_if", hiddenHere?.Rule ?? $"{rule.Pointer}/show_if", hiddenHere is null ? Pass : Deny,
                hiddenHere?.Reason ?? "this caller may see it"));
            if (hiddenHere is not null)
                return;
        }

        if (!HasOneMeaning(rules, name, rule, call, steps)
            || !IsPassed(rule, ReferenceEquals(rule, rules.OtherTools), call.Standing, steps))
            return;
        if (rule.Denial is { } denial)
        {
            steps.Add(new("action", denial.Rule, rule.IsDenialShadow ? WouldDeny : Deny, denial.Reason));
            if (!rule.IsDenialShadow)
                return;
        }

        if (Checked(binding, rule, call, steps))
            Admit(rule, decision, steps);
    }

    private static string WhyRule(RuleSet rules, ToolName name, ToolRule rule, string tool, ToolClass toolClass)
    {
        if (!ReferenceEquals(rule, name.Rule))
        {
            return (toolClass == ToolClass.Uncertain
                ? $"no class of {tool} is accepted, so the tool counts as uncertain"
                : $"{tool} has the accepted class {ToolClasses.NameOf(toolClass)}")
                + (ReferenceEquals(name.Rule, rules.OtherTools)
                    ? ""
                    : $"; the class decides, and {name.Rule.Pointer} does not");
        }

        return ReferenceEquals(rule, rules.OtherTools)
            ? $"no entry names {tool}, so the default decides"
            : $"this is the most specific entry for {tool}";
    }

    /// <summary>Returns true if the name identifies one tool; a step is added only if it does not.</summary>
    private static bool HasOneMeaning(
        RuleSet rules, ToolName name, ToolRule rule, in PolicyCall call, ImmutableArray<PolicyStep>.Builder steps)
    {
        if ((rule.Denial is not null && !rule.IsDenialShadow && ReferenceEquals(rule, rules.OtherTools))
            || NameCheck.Evaluate(rules.Names, name, call.Listing, call.Standing, out var isRecorded) is not { } denial)
            return true;
        steps.Add(new("name", denial.Rule, isRecorded ? WouldDeny : Deny, denial.Reason));
        return isRecorded;
    }

    /// <summary>
    /// Returns true if <c>pin</c> lets the tool pass. The default comes first, and an entry's action after it.
    /// </summary>
    private static bool IsPassed(
        ToolRule rule, bool isDefault, ToolStanding standing, ImmutableArray<PolicyStep>.Builder steps)
    {
        if (isDefault && rule.Denial is not null && !rule.IsDenialShadow)
            return true;
        if (PinCheck.Evaluate(rule, standing, out var isRecorded) is { } pin)
        {
            steps.Add(new("pin", pin.Rule, isRecorded ? WouldDeny : Deny, pin.Reason));
            return isRecorded;
        }

        if (rule.Pin != PinLevel.Off)
            steps.Add(new("pin", PolicyRuleNames.NotAccepted, Pass, "the tool's definition counts as accepted"));
        return true;
    }

    private static bool Checked(
        PolicyBinding binding, ToolRule rule, in PolicyCall call, ImmutableArray<PolicyStep>.Builder steps)
    {
        if (!rule.NeedsArguments)
            return true;
        if (CallArguments.Read(call.Arguments) is not { } read)
        {
            var unreadable = BuiltInDecisions.UnreadableArguments;
            steps.Add(new("arguments", unreadable.Rule, Deny, unreadable.Reason));
            return false;
        }

        var work = new CheckWork(binding, read, call);
        foreach (var check in rule.Checks)
        {
            var found = work.Evaluate(check);
            var word = found is null ? Pass : Word(found);
            var outcome = found is not null && check.IsShadow ? $"would {word}" : word;
            steps.Add(new(check.StepName, check.Pointer, outcome, found?.Reason ?? check.PassText));
            if (outcome == Deny)
                return false;
        }

        return true;
    }

    private static void Admit(ToolRule rule, PolicyDecision decision, ImmutableArray<PolicyStep>.Builder steps)
    {
        if (decision.Outcome == DecisionOutcome.Deny)
        {
            steps.Add(new("limit", decision.Rule, Deny, decision.Reason));
            return;
        }

        if (rule.IsAsked)
            steps.Add(new("action", $"{rule.Pointer}/action", Ask, "a person has to approve exactly this call"));
        foreach (var cost in decision.Costs)
            steps.Add(new("limit", cost.Rule, "count", Count(cost)));
        foreach (var cost in decision.ShadowCosts)
            steps.Add(new("limit", cost.Rule, "count", Count(cost) + ", in shadow: it never refuses"));
        if (decision.Costs.IsEmpty)
            steps.Add(new("limit", rule.Pointer, Pass, "nothing is counted"));
        foreach (var place in decision.InFlight)
            steps.Add(new("max_in_flight", place.Rule, "count", Place(place)));
        foreach (var place in decision.ShadowInFlight)
            steps.Add(new("max_in_flight", place.Rule, "count", Place(place) + ", in shadow: it never refuses"));
        foreach (var result in decision.Results?.Rules ?? [])
            steps.Add(new("results", result.Pointer, Pass, result.Describe()));
    }

    private static string Count(DecisionCost cost) =>
        $"takes {cost.Cost.Cost} of {cost.Cost.Max} per {cost.WindowText}{Zone(cost)} from {cost.Counter} "
        + $"({cost.Cost.Key})"
        + (cost.Cost.Value is { } value ? $", which counts each value separately, at most {value.ValuesMax} "
        + "values" : "")
        + Wait(cost);

    private static string Zone(DecisionCost cost) => cost.Window.Zone is { } zone ? $" in {zone.Name}" : "";

    private static string Place(DecisionCost place) =>
        $"takes one of {place.Cost.Max} places for calls in flight, until the server has responded ({place.Cost.Key})"
        + Wait(place);

    private static string Wait(DecisionCost cost) => cost.Wait == TimeSpan.Zero ? ""
        : $"; if there is no room, the call waits as a task for at most {WrittenTime.Length(cost.Wait)}";

    private static string Word(PolicyDecision decision) => decision.Outcome switch
    {
        DecisionOutcome.Deny => Deny,
        DecisionOutcome.Ask => Ask,
        DecisionOutcome.Allow => Pass,
        _ => throw new NotSupportedException($"DecisionOutcome {decision.Outcome} has no case here."),
    };

    private static string Sentence(PolicyDecision decision, string otherwise) =>
        decision.Reason.Length > 0 ? decision.Reason : otherwise;
}

/// <summary>The explanation of a policy's decision on a call.</summary>
/// <param name="Steps">The steps in the order of evaluation, up to the one that decided.</param>
/// <param name="Decision">The decision, made by the engine that evaluates agents' calls.</param>
public sealed record PolicyExplanation(ImmutableArray<PolicyStep> Steps, PolicyDecision Decision);

/// <summary>One step of the evaluation of a call.</summary>
/// <param name="Name">The kind of step: <c>hide</c>, <c>entry</c>, <c>names</c>, <c>condition</c> …</param>
/// <param name="Rule">JSON Pointer to the rule, or a built-in name.</param>
/// <param name="Outcome">
/// <c>pass</c>, <c>deny</c>, <c>ask</c>, <c>would deny</c> or <c>would ask</c> (in shadow), or <c>count</c>.
/// </param>
/// <param name="Said">The step in words.</param>
public sealed record PolicyStep(string Name, string Rule, string Outcome, string Said);
