using System.Collections.Concurrent;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>The terms of one engine's counters, by their maximum, of which policies name few. Thread-safe.</summary>
public sealed class SharedRulesTable
{
    /// <summary>Number of maxima whose terms are shared; a counter with another maximum has terms of its own.</summary>
    private const int MaximaMax = 4096;

    private readonly ConcurrentDictionary<Amount, SharedRules> _terms = new();

    /// <summary>Returns the terms of these rules with this maximum.</summary>
    public SharedRules Of(CounterRules rules, Amount max)
    {
        if (!_terms.TryGetValue(max, out var terms))
        {
            terms = new SharedRules(rules, max);
            if (_terms.Count < MaximaMax) terms = _terms.GetOrAdd(max, terms);
        }

        return ReferenceEquals(terms.Rules, rules) ? terms : new SharedRules(rules, max);
    }
}

/// <summary>
/// The terms by which a counter evaluates calls, shared by all counters of an engine with the same terms.
/// </summary>
/// <param name="Rules">The rules of the engine.</param>
/// <param name="Max">The maximum of the last call.</param>
public sealed record SharedRules(CounterRules Rules, Amount Max);
