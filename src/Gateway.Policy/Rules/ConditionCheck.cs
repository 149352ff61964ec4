using Gateway.Policy.Conditions;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;

namespace Gateway.Policy.Rules;

/// <summary>One condition of <c>require</c> or <c>deny_if</c>.</summary>
internal sealed class ConditionCheck : CallCheck
{
    private const string NextStep = "Change the arguments, then call again.";

    private readonly Condition _condition;
    private readonly Quantifier _quantifier;
    private readonly Truth _passing;
    private readonly Decision _denied;
    private readonly Decision _incomparable;
    private readonly Decision _tooMuch;

    public ConditionCheck(ConditionDocument written, bool isRequired, bool isShadow)
        : base(written.Pointer, isShadow)
    {
        _condition = written.Condition;
        _quantifier = isRequired ? Quantifier.Every : Quantifier.Any;
        _passing = isRequired ? Truth.True : Truth.False;
        var rule = _condition.Describe();
        _denied = Verdicts.Deny(
            written.Pointer,
            _condition.Reason ?? $"The policy {(isRequired ? "requires that" : "denies calls where")} {rule}",
            NextStep);
        _incomparable = Verdicts.Deny(
            written.Pointer,
            $"The arguments cannot be judged by the rule \"{rule}\", since a value is not of the kind that it compares",
            NextStep);
        _tooMuch = Verdicts.Deny(written.Pointer, Verdicts.TooMuch, NextStep);
    }

    public override Decision? Deny(JsonNode arguments, WorkBudget work)
    {
        var truth = _condition.Evaluate(arguments, _quantifier, work);
        if (work.IsExhausted)
            return _tooMuch;
        if (truth == _passing)
            return null;
        return truth == Truth.Incomparable ? _incomparable : _denied;
    }
}
