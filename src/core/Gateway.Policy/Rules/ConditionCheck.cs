using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary>One condition of <c>require</c>, <c>deny_if</c> or <c>approve_if</c>.</summary>
internal sealed class ConditionCheck : CallCheck
{
    private readonly Condition _condition;
    private readonly ConditionUse _use;
    private readonly string _nextStep;
    private readonly PolicyDecision _found;
    private readonly PolicyDecision _incomparable;
    private readonly PolicyDecision _tooMuch;

    public ConditionCheck(ConditionDocument written, ConditionUse use, bool isShadow)
        : base(written.Pointer, isShadow)
    {
        (_condition, _use) = (written.Condition, use);
        _nextStep = _condition.Paths.Any() ? "Change the arguments, then call again."
            : _condition.CallerPaths.Any() ? "Ask the operator whether this caller should be allowed to make this call."
            : "Call again at another time.";
        var rule = _condition.Describe();
        _found = use switch
        {
            ConditionUse.Require => Deny(_condition.Reason ?? $"The policy requires that {rule}"),
            ConditionUse.DenyIf => Deny(_condition.Reason ?? $"The policy denies calls where {rule}"),
            ConditionUse.ApproveIf => BuiltInDecisions.Ask(
                Pointer, _condition.Reason ?? $"A person has to approve calls where {rule}"),
            _ => throw new NotSupportedException($"ConditionUse {use} has no case here."),
        };
        _incomparable = use == ConditionUse.ApproveIf
            ? BuiltInDecisions.Ask(Pointer, $"A person has to approve this call, because the rule \"{rule}\" cannot "
                + "evaluate the call: a value is missing or has the wrong type or form")
            : Deny($"The rule \"{rule}\" cannot evaluate the {(_condition.CallerPaths.Any() ? "call" : "arguments")}: "
                + "a value has a type or a form that the rule cannot compare"
                + (_condition.Reason is { } reason ? $". {reason}" : ""));
        _tooMuch = BuiltInDecisions.TooMuch(Pointer);
    }

    public override bool ReadsTime => _condition.ReadsTime;

    public override string PassText =>
        _use == ConditionUse.ApproveIf ? "does not require approval of this call" : base.PassText;

    public override PolicyDecision? Evaluate(in EvaluationContext call)
    {
        var quantifier = _use == ConditionUse.Require ? Quantifier.Every : Quantifier.Any;
        var triState = _use == ConditionUse.ApproveIf
            ? _condition.Evaluate(call with { Missing = TriState.Incomparable }, quantifier)
            : _condition.Evaluate(call, quantifier);
        if (call.Work.IsExhausted)
            return _tooMuch;
        if (call.Work.Fault is { } fault)
            return BuiltInDecisions.Deny(Pointer, fault, "Try again in a minute, or tell the operator.");
        if (triState == TriState.Incomparable)
            return _incomparable;
        return triState == TriState.True == (_use == ConditionUse.Require) ? null : _found;
    }

    private PolicyDecision Deny(string reason) => BuiltInDecisions.Deny(Pointer, reason, _nextStep);
}

/// <summary>The list that contains a condition.</summary>
internal enum ConditionUse
{
    /// <summary><c>require</c>: the call is denied unless it holds.</summary>
    Require,

    /// <summary><c>deny_if</c>: the call is denied if it holds.</summary>
    DenyIf,

    /// <summary><c>approve_if</c>: a person must approve if it holds, or if it cannot be evaluated.</summary>
    ApproveIf,
}
