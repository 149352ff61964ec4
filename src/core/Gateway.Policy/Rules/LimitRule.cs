using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Gateway.Policy.Conditions;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;

namespace Gateway.Policy.Rules;

/// <summary>One limit, ready to be charged.</summary>
internal sealed class LimitRule
{
    // '~' stands in no counter's name and "_rate" ends those that are exempt from the rule on names: no collision.
    private const string ShadowSuffix = "~shadow";
    private const string CandidateSuffix = "~candidate";

    private readonly LimitDocument _written;
    private readonly string _counter;

    // Paths and forms are part of what the counter is; in its name they stand as a digest, which is never too long.
    private readonly string _byDigest;

    public LimitRule(LimitDocument written, bool isShadow)
    {
        _written = written;
        IsShadow = isShadow;
        _counter = isShadow ? written.Counter + ShadowSuffix : written.Counter;
        _byDigest = written.By.IsEmpty ? "" : ArgumentValue.DigestOf(written);
    }

    public string Pointer => _written.Pointer;

    public string Counter => _written.Counter;

    public bool IsShadow { get; }

    /// <summary>Whether people are told of how far its counter is used.</summary>
    public bool Notifies => !_written.NotifyAt.IsEmpty && !IsShadow;

    public bool IsPerSession => _written.Scope == LimitScope.Session;

    /// <summary>The argument that says what a call costs; null where the cost is fixed.</summary>
    public ArgumentPath? CostFrom => _written.IncrementFrom;

    /// <summary>The arguments of whose values each has a counter of its own.</summary>
    public ImmutableArray<ValuePath> By => _written.By;

    /// <summary>Whether what it takes, or from where, depends on an argument.</summary>
    public bool ReadsArguments => CostFrom is not null || !By.IsEmpty;

    public Amount FixedCost => _written.Increment;

    /// <summary>The identity of the counter on one server for one grant, and what to take there.</summary>
    /// <param name="binding">Whose counters are charged.</param>
    /// <param name="session">Null: a session's limit is counted for the grant.</param>
    /// <param name="cost">What the call costs.</param>
    /// <param name="values">The values that it is counted by; empty where it is not.</param>
    public DecisionCost Charge(
        PolicyBinding binding, string? session, Amount cost, ReadOnlyMemory<byte> values = default)
    {
        if (By.IsEmpty)
            return Written(new LimitCost(
                Key(binding, session, Name(binding), _written.Kind), _written.Max, cost, _written.RefundOnError));
        var counted = Values(binding, session);
        var key = new CounterKey(
            counted.Scope, counted.ScopeId, CounterKey.NameByValue(Name(binding), _byDigest), _written.Kind,
            counted.Window, counted.Generation);
        return Written(new LimitCost(key, _written.Max, cost, _written.RefundOnError)
        {
            Value = new LimitValue(values, counted, _written.KeysMax),
        });
    }

    /// <summary>The counter to look at for how it stands: of a limit by value, that of its values.</summary>
    public DecisionCost Overview(PolicyBinding binding) => By.IsEmpty
        ? Charge(binding, session: null, FixedCost)
        : Written(new LimitCost(Values(binding, session: null), _written.KeysMax, Amount.One));

    // A reset of it begins all values anew: theirs have its generation.
    private CounterKey Values(PolicyBinding binding, string? session) => Key(
        binding, session, CounterKey.NameByValue(Name(binding), $"{_byDigest}~values"),
        WindowKind.Following(_written.Window));

    private string Name(PolicyBinding binding) => binding.IsCandidate ? _counter + CandidateSuffix : _counter;

    private DecisionCost Written(LimitCost cost) =>
        new(cost, Pointer, _written.Counter, _written.Window, _written.WindowText) { NotifyAt = _written.NotifyAt };

    private CounterKey Key(PolicyBinding binding, string? session, string counter, IWindowKind kind)
    {
        var grantScope = $"{binding.Grant}@{binding.Server}";
        var scopeId = _written.Scope switch
        {
            LimitScope.Server => binding.Server,
            LimitScope.Session when session is not null => $"{session}@{grantScope}",
            LimitScope.Grant or LimitScope.Session => grantScope,
            _ => throw new NotSupportedException($"LimitScope {_written.Scope} has no case here."),
        };
        return binding.Generations.Apply(new CounterKey(_written.Scope, scopeId, counter, kind, _written.Window));
    }
}
