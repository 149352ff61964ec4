using Gateway.Limits.Model;
using Gateway.Policy.Classes;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Recording;
using Gateway.Policy.Rules;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Tools.Replay;

/// <summary>
/// Evaluates recorded calls, in their order, by a policy, with the evaluator and the engine that decide on and count
/// agents' calls. Reports the decisions that would change, those that would not, and those that cannot be determined.
/// </summary>
public sealed class PolicyReplay
{
    private readonly ReplayCounts _counts;
    private readonly Caller? _caller;
    private readonly Func<RecordedCall, PolicyBinding?> _bindingOf;
    private readonly Func<RecordedCall, RecordedArguments?> _valuesOf;
    private readonly Func<RecordedCall, ToolClass?>? _classOf;
    private readonly InFlightCount _inFlight = new();

    /// <param name="bindingOf">
    /// Returns the policy that evaluates a call, bound to its grant and server; null for none.
    /// </param>
    /// <param name="valuesOf">Returns the recorded values of a call's arguments; null for none.</param>
    /// <param name="record">The properties of the record.</param>
    /// <param name="classOf">Returns the accepted class of a call's tool; null if it is unknown.</param>
    public PolicyReplay(
        Func<RecordedCall, PolicyBinding?> bindingOf, Func<RecordedCall, RecordedArguments?> valuesOf,
        RecordFacts record, Func<RecordedCall, ToolClass?>? classOf = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        (_bindingOf, _valuesOf, _classOf) = (bindingOf, valuesOf, classOf);
        _counts = new ReplayCounts(record);
        _caller = record.Caller;
    }

    /// <summary>Returns the result for a call; null if no policy here evaluates it.</summary>
    public ReplayAnswer? Evaluate(RecordedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        _counts.Advance(LabelledMs(call));
        if (_bindingOf(call) is not { } binding)
        {
            ChargeShared(call);
            return null;
        }

        if (ReplayWords.IsTrouble(call))
            return ReplayAnswer.Unknown(ReplayWords.Trouble);
        if (Decide(call, binding, out var doubt) is not { } decision)
            return ReplayAnswer.Unknown(doubt!);
        if (decision.Outcome == DecisionOutcome.Deny)
        {
            _counts.Commit(call, null, default, isCharged: false);
            return ReplayAnswer.Of(call, ReplayWords.Denied, decision.Rule, decision.Reason);
        }

        if (ReplayWords.IsBesidePolicy(call))
            return new ReplayAnswer(ReplayWord.Same, call.Outcome, call.Rule, "");
        if (call is { IsRetry: true, IsAllowed: true })
            return ReplayAnswer.Of(call, ReplayWords.Allowed, decision.Rule, "");
        var isAsked = decision.Outcome == DecisionOutcome.Ask;
        // A person approved exactly this call, and is assumed to approve it again.
        return isAsked && !(call.IsAllowed && call.ApprovalId is not null)
            ? Ask(call, decision)
            : Take(call, decision);
    }

    /// <summary>Ends a call that went on.</summary>
    public void End(RecordedEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        _counts.Advance(end.TimeMs);
        _counts.End(end);
        _inFlight.End(end.CallId);
    }

    /// <summary>Returns the instant at which the call was counted: clocks at the edge of a window may differ.</summary>
    public static long LabelledMs(RecordedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var labelled = call.TimeMs;
        foreach (var counter in call.Counters)
            labelled = Math.Max(labelled, counter.WindowStartMs);
        return labelled;
    }

    private ReplayAnswer Ask(RecordedCall call, PolicyDecision decision)
    {
        var looked = _counts.Take(call, decision, isPeek: true);
        if (looked.Uncertain is { } why)
        {
            // A call that waits for approval or is refused takes nothing.
            if (call.Outcome != ReplayWords.ApprovalRequired)
                _counts.CommitAsRecorded(call, decision.LimitCosts, default);
            return ReplayAnswer.Unknown(why);
        }

        _counts.Commit(call, decision, looked, isCharged: false);
        if (!looked.IsAdmitted)
            return Refused(call, decision, looked);
        // A person denied it, or the limit on requests did.
        return call.Outcome == ReplayWords.Denied && (call.ApprovalId is not null || call.Rule == decision.Rule)
            ? ReplayAnswer.Of(call, ReplayWords.Denied, decision.Rule, decision.Reason)
            : ReplayAnswer.Of(call, ReplayWords.ApprovalRequired, decision.Rule, decision.Reason);
    }

    private ReplayAnswer Take(RecordedCall call, PolicyDecision decision)
    {
        if (decision.LimitCosts.Any(static cost => cost.Key.Scope == LimitScope.Service))
        {
            // Services and proxies charge a budget too. A call that was allowed under it found room there.
            var isKnown = call.IsAllowed && decision.LimitCosts.All(cost => cost.Key.Scope != LimitScope.Service
                || call.Counters.Any(counter => _counts.KeyOf(counter) == cost.Key));
            decision = WithoutBudgets(decision);
            if (!isKnown)
            {
                _counts.CommitAsRecorded(call, decision.LimitCosts, default);
                return ReplayAnswer.Unknown(ReplayWords.SharedBudget);
            }
        }

        var taken = _counts.Take(call, decision, isPeek: false);
        if (taken.Uncertain is { } why)
        {
            _counts.CommitAsRecorded(call, decision.LimitCosts, taken.Permit);
            return ReplayAnswer.Unknown(why);
        }

        if (!taken.IsAdmitted)
        {
            _counts.Commit(call, decision, taken, isCharged: false);
            return Refused(call, decision, taken);
        }

        if (InFlightCount.RefusedBy(call, decision) is { } full)
        {
            _counts.Commit(call, decision, taken, isCharged: false);
            return ReplayAnswer.Of(call, ReplayWords.RateLimited, full, "the maximum number of calls is open");
        }

        if (!_inFlight.TryEnter(call, decision))
        {
            _counts.CommitAsRecorded(call, decision.LimitCosts, taken.Permit);
            return ReplayAnswer.Unknown(ReplayWords.InFlight);
        }

        _counts.Commit(call, decision, taken, isCharged: true);
        return ReplayAnswer.Of(call, ReplayWords.Allowed, decision.Rule, "");
    }

    private static PolicyDecision WithoutBudgets(PolicyDecision decision) => decision with
    {
        Costs = [.. decision.Costs.Where(static cost => cost.Cost.Key.Scope != LimitScope.Service)],
        LimitCosts = [.. decision.LimitCosts.Where(static cost => cost.Key.Scope != LimitScope.Service)],
    };

    private static ReplayAnswer Refused(RecordedCall call, PolicyDecision decision, in CountedCall counted) =>
        counted.Kind == RefusalKind.TooManyValues
            ? ReplayAnswer.Of(call, ReplayWords.Denied, PolicyRuleNames.TooManyValues, counted.Reason)
            : ReplayAnswer.Of(
                call, ReplayWords.RateLimited, decision.Costs[counted.RefusedBy].Rule, counted.Reason);

    /// <summary>
    /// Decides on a call; null if the recorded data is insufficient, with the reason in <paramref name="doubt"/>.
    /// </summary>
    private PolicyDecision? Decide(RecordedCall call, PolicyBinding binding, out string? doubt)
    {
        doubt = null;
        if (call.Method.Length == 0)
        {
            // A response to a server's request depends only on the session.
            return call.IsAllowed ? BuiltInDecisions.Protocol
                : BuiltInDecisions.Protocol with { Outcome = DecisionOutcome.Deny };
        }

        var toolClass = binding.HasClasses ? _classOf?.Invoke(call) : ToolClass.Uncertain;
        var rule = RuleOf(call, binding, toolClass ?? ToolClass.Uncertain);
        var arguments = RecordedArguments.None;
        // Headers are never recorded.
        var caller = call.Caller is { } recorded ? recorded with { Headers = _caller?.Headers } : _caller;
        if (call.IsNameCut)
            doubt = ReplayWords.NoName;
        else if (call.Subject is null)
            doubt = ReplayWords.NoSubject;
        else if (toolClass is null && OfAnyClass(call, binding).Any())
            doubt = ReplayWords.NoClass;
        else if (!call.HasSession && binding.HasSessionLimits && rule is { HasSessionLimits: true })
            doubt = ReplayWords.NoSession;
        else if (rule is { ReadsCaller: true } && WhyUnknown(rule, caller) is { } unknown)
            doubt = unknown;
        else if (rule is { NeedsArguments: true } && !IsKnown(rule, arguments = ArgumentsOf(call)))
            doubt = ReplayWords.NoArgument;
        if (doubt is null)
        {
            return PolicyEngine.Decide(binding, new PolicyCall(
                call.Subject!.Value, call.Name, arguments.Json, call.Session,
                DateTimeOffset.FromUnixTimeMilliseconds(call.TimeMs),
                // The definition's status at that time is known only if the call was refused because of it.
                call.Rule == PolicyRuleNames.NotAccepted ? ToolStanding.Unaccepted : ToolStanding.Accepted,
                // The same applies to whether its name was listed.
                call.Rule == PolicyRuleNames.AmbiguousTool ? null : NameListing.Listed)
            {
                Caller = caller,
                Class = toolClass ?? ToolClass.Uncertain,
            });
        }

        if (doubt == ReplayWords.NoClass)
            CountWithoutClass(call, binding);
        else if (rule is not null)
            CountWithoutArguments(call, binding, rule);
        return null;
    }

    /// <summary>
    /// Returns the rule whose conditions and limits apply to a call of a tool; null if none is evaluated.
    /// </summary>
    private static ToolRule? RuleOf(RecordedCall call, PolicyBinding binding, ToolClass toolClass)
    {
        if (call.Subject != PolicySubject.Tool || call.Name is not { } tool || binding.Rules is not { } rules
            || rules.Names.Of(tool) is not { Hidden: null } name)
            return null;
        var rule = rules.Names.RuleOf(name, toolClass);
        return rule.Denial is not null && !rule.IsDenialShadow ? null : rule;
    }

    /// <summary>
    /// Returns the rules of which one applies, depending on the class of the tool; none if the class does not matter.
    /// </summary>
    private static IEnumerable<ToolRule> OfAnyClass(RecordedCall call, PolicyBinding binding) =>
        call.Subject != PolicySubject.Tool || call.Name is not { } tool || binding.Rules is not { } rules
            || rules.Names.Of(tool) is not { Hidden: null, IsNamed: false } name
            ? []
            : Enumerable.Range(0, ToolClasses.Names.Count)
                .Select(one => rules.Names.RuleOf(name, (ToolClass)one)).Distinct();

    /// <summary>Returns why a rule about the caller cannot be evaluated; null if it can.</summary>
    private static string? WhyUnknown(ToolRule rule, Caller? caller) =>
        rule.ReadsHeaders && caller?.Headers is null ? ReplayWords.NoHeaders
        : caller is null or { Subject: "" } && (rule.CallerPaths.Any(static path => !CallerPaths.IsOfHeaders(path))
            || rule.Limits.Any(static limit => limit.IsPerSubject)) ? ReplayWords.NoCaller
        : caller!.Claims.IsEmpty && rule.CallerPaths.Any(CallerPaths.IsOfClaims) ? ReplayWords.NoClaims
        : null;

    private static bool IsKnown(ToolRule rule, RecordedArguments arguments) =>
        rule.HasSchema ? arguments.IsComplete : rule.Paths.All(arguments.Covers);

    private RecordedArguments ArgumentsOf(RecordedCall call) =>
        call.ArgumentNames is not { } names ? RecordedArguments.None
        : _valuesOf(call) ?? RecordedArguments.OfNames(names, call.HasMoreNames);

    /// <summary>Counts a call of a tool without a known class on none of the limits that may apply to it.</summary>
    private void CountWithoutClass(RecordedCall call, PolicyBinding binding)
    {
        _counts.CommitAsRecorded(call, [], default);
        _counts.Doubt([.. OfAnyClass(call, binding).SelectMany(static rule => rule.Limits)
            .Where(static limit => !limit.IsShadow)
            .Select(limit => limit.Charge(binding, call.Session, limit.FixedCost).Cost).DistinctBy(one => one.Key)]);
    }

    /// <summary>Counts a call without known arguments on the recorded counters with the recorded amounts.</summary>
    private void CountWithoutArguments(RecordedCall call, PolicyBinding binding, ToolRule rule)
    {
        var fixedCosts = new List<LimitCost>();
        var others = new List<LimitCost>();
        foreach (var limit in rule.Limits.Where(static limit => !limit.IsShadow))
        {
            var cost = limit.Charge(binding, call.Session, limit.FixedCost).Cost;
            if (limit.CostFrom is not null && !limit.CountsValues
                && call.Counters.Where(one => _counts.KeyOf(one) == cost.Key).ToList() is [var counter])
                fixedCosts.Add(cost with { Cost = counter.Cost });
            else
                (limit.ReadsCall ? others : fixedCosts).Add(cost);
        }

        _counts.CommitAsRecorded(call, [.. fixedCosts], default);
        _counts.Doubt(others);
    }

    /// <summary>Charges the counters shared by all grants of a server, whichever policy decided.</summary>
    private void ChargeShared(RecordedCall call)
    {
        if (!call.IsAllowed)
            return;
        foreach (var counter in call.Counters)
        {
            if (counter.Key.Contains("/server/", StringComparison.Ordinal)
                && _counts.KeyOf(counter) is { Scope: LimitScope.Server } key)
                _counts.Charge(key, counter.Cost);
        }
    }
}

/// <summary>The end of a call that went on.</summary>
/// <param name="CallId">The id of the attempt.</param>
/// <param name="TimeMs">The time of the end, Unix milliseconds.</param>
/// <param name="WasReleased">True if no byte was written, so the call counted nowhere.</param>
/// <param name="WasError">True if the server responded with an error.</param>
/// <param name="WasRefunded">True if the cost was given back because of the error.</param>
public sealed record RecordedEnd(string CallId, long TimeMs, bool WasReleased, bool WasError, bool WasRefunded);

/// <summary>The result of counting a call in a replay.</summary>
/// <param name="Permit">The permit of the call; missing if it was refused or only peeked.</param>
/// <param name="RefusedBy">The index of the cost that had no room; -1 if all had.</param>
/// <param name="Kind">The kind of refusal.</param>
/// <param name="Reason">The reason for the refusal.</param>
/// <param name="Uncertain">The reason why the result is uncertain; null if it is certain.</param>
internal readonly record struct CountedCall(
    Permit Permit, int RefusedBy, RefusalKind Kind, string Reason, string? Uncertain)
{
    public bool IsAdmitted => RefusedBy < 0;

    public static CountedCall Admitted(Permit permit, string? uncertain) => new(permit, -1, default, "", uncertain);
}
