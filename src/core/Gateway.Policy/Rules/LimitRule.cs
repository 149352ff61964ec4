using Gateway.Limits.Model;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary>One limit, ready to be charged.</summary>
internal sealed class LimitRule
{
    // '~' stands in no counter's name and "_rate" ends those that are exempt from the rule on names: no collision.
    private const string ShadowSuffix = "~shadow";

    private readonly LimitDocument _written;
    private readonly string _counter;

    public LimitRule(LimitDocument written, bool isShadow)
    {
        _written = written;
        IsShadow = isShadow;
        _counter = isShadow ? written.Counter + ShadowSuffix : written.Counter;
    }

    public string Pointer => _written.Pointer;

    public string Counter => _written.Counter;

    public bool IsShadow { get; }

    public bool IsPerSession => _written.Scope == LimitScope.Session;

    /// <summary>The argument that says what a call costs; null where the cost is fixed.</summary>
    public ArgumentPath? CostFrom => _written.IncrementFrom;

    public Amount FixedCost => _written.Increment;

    /// <summary>The identity of the counter on one server for one grant, and what to take there.</summary>
    /// <param name="binding">Whose counters are charged.</param>
    /// <param name="session">Null: a session's limit is counted for the grant.</param>
    /// <param name="cost">What the call costs.</param>
    public DecisionCost Charge(PolicyBinding binding, string? session, Amount cost)
    {
        var grantScope = $"{binding.Grant}@{binding.Server}";
        var scopeId = _written.Scope switch
        {
            LimitScope.Server => binding.Server,
            LimitScope.Session when session is not null => $"{session}@{grantScope}",
            _ => grantScope,
        };
        var key = binding.Generations.Apply(
            new CounterKey(_written.Scope, scopeId, _counter, _written.Kind, _written.Window));
        return new DecisionCost(
            new LimitCost(key, _written.Max, cost, _written.RefundOnError),
            Pointer,
            _written.Counter,
            _written.Window,
            _written.WindowText);
    }
}
