using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>One condition of <c>require</c> or <c>deny_if</c>.</summary>
internal sealed class ConditionCheck : CallCheck
{
    private const string NextStep = "Change the arguments, then call again.";

    private readonly Condition _condition;
    private readonly Quantifier _quantifier;
    private readonly TriState _passing;
    private readonly PolicyDecision _denied;
    private readonly PolicyDecision _incomparable;
    private readonly PolicyDecision _tooMuch;

    public ConditionCheck(ConditionDocument written, bool isRequired, bool isShadow)
        : base(written.Pointer, isShadow)
    {
        _condition = written.Condition;
        _quantifier = isRequired ? Quantifier.Every : Quantifier.Any;
        _passing = isRequired ? TriState.True : TriState.False;
        var rule = _condition.Describe();
        _denied = BuiltInDecisions.Deny(
            written.Pointer,
            _condition.Reason ?? $"The policy {(isRequired ? "requires that" : "denies calls where")} {rule}",
            NextStep);
        _incomparable = BuiltInDecisions.Deny(
            written.Pointer,
            $"The arguments cannot be judged by the rule \"{rule}\", since a value is not of the kind that it compares",
            NextStep);
        _tooMuch = BuiltInDecisions.Deny(written.Pointer, BuiltInDecisions.TooMuch, NextStep);
    }

    public override PolicyDecision? Deny(JsonNode arguments, WorkBudget work)
    {
        var triState = _condition.Evaluate(arguments, _quantifier, work);
        if (work.IsExhausted)
            return _tooMuch;
        if (triState == _passing)
            return null;
        return triState == TriState.Incomparable ? _incomparable : _denied;
    }
}
