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
    // '~' occurs in no counter's name, and names that are exempt from the rule on names end in "_rate", so there is no
    // collision.
    private const string ShadowSuffix = "~shadow";
    private const string CandidateSuffix = "~candidate";

    private readonly LimitDocument _written;
    private readonly string _counter;

    // Paths and forms are part of the counter's identity. Its name contains their digest, which is never too long.
    private readonly string _byDigest;
    private readonly CostTerms? _terms;

    public LimitRule(LimitDocument written, bool isShadow)
    {
        _written = written;
        IsShadow = isShadow;
        _terms = CostTerms.Of(written.NotifyAt, written.Wait);
        _counter = isShadow ? written.Counter + ShadowSuffix : written.Counter;
        _byDigest = written.CountsValues ? ArgumentValue.DigestOf(written) : "";
    }

    public string Pointer => _written.Pointer;

    public string Counter => _written.Counter;

    public bool IsShadow { get; }

    /// <summary>True if its counter triggers notifications about its usage.</summary>
    public bool Notifies => !_written.NotifyAt.IsEmpty && !IsShadow;

    /// <summary>True if a call may wait for its room.</summary>
    public bool MayWait => _written.Wait > TimeSpan.Zero && !IsShadow;

    public bool IsPerSession => _written.Scope == LimitScope.Session;

    /// <summary>The argument that determines the cost of a call; null if the cost is fixed.</summary>
    public ArgumentPath? CostFrom => _written.IncrementFrom;

    /// <summary>The arguments, or parts of the caller, whose values each have their own counter.</summary>
    public ImmutableArray<ValuePath> By => _written.By;

    /// <summary>True if each subject has its own counter.</summary>
    public bool IsPerSubject => _written.IsPerSubject;

    /// <summary>True if a call without a subject counts for its grant, instead of being denied.</summary>
    public bool CountsForGrant => _written.CountsForGrant;

    /// <summary>True if each subject or value has its own counter.</summary>
    public bool CountsValues => _written.CountsValues;

    /// <summary>True if the cost or the counter depends on an argument or the caller.</summary>
    public bool ReadsCall => CostFrom is not null || CountsValues;

    public Amount FixedCost => _written.Increment;

    /// <summary>Returns the identity of the counter on one server for one grant, and the cost.</summary>
    /// <param name="binding">The binding whose counters are charged.</param>
    /// <param name="session">The session; null to count a session's limit for the grant.</param>
    /// <param name="cost">The cost of the call.</param>
    /// <param name="values">The values by which the call is counted; empty if it is not counted by value.</param>
    public DecisionCost Charge(
        PolicyBinding binding, string? session, Amount cost, ReadOnlyMemory<byte> values = default)
    {
        if (!CountsValues)
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

    /// <summary>
    /// Returns the counter that shows the limit's usage: for a limit by person or value, the counter of these.
    /// </summary>
    public DecisionCost Overview(PolicyBinding binding) => CountsValues
        ? Written(new LimitCost(Values(binding, session: null), _written.KeysMax, Amount.One)) with
        {
            Terms = (_terms ?? new CostTerms([], TimeSpan.Zero)) with
            {
                Each = new CountedEach(_written.EachText, _written.Max),
            },
        }
        : Charge(binding, session: null, FixedCost);

    // Resetting this counter resets the counters of all values, which share its generation.
    private CounterKey Values(PolicyBinding binding, string? session) => Key(
        binding, session, CounterKey.NameOfValues(Name(binding), _byDigest),
        WindowKind.Following(_written.Window));

    private string Name(PolicyBinding binding) => binding.IsCandidate ? _counter + CandidateSuffix : _counter;

    private DecisionCost Written(LimitCost cost) =>
        new(cost, Pointer, _written.Counter, _written.Window, _written.WindowText)
        {
            Terms = _terms,
        };

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
