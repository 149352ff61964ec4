using System.Collections.Frozen;
using Gateway.Limits.Model;

namespace Gateway.Policy.Decisions;

/// <summary>The generations of counters. A reset starts a new generation, which is a new, unused counter.</summary>
public sealed class CounterGenerations
{
    private readonly FrozenDictionary<string, int> _generations;

    /// <param name="generations">
    /// Maps an identity, as <see cref="IdentityOf"/> returns it, to its generation; 0 if absent.
    /// </param>
    public CounterGenerations(IEnumerable<KeyValuePair<string, int>> generations) =>
        _generations = generations.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The generations if no counter was ever reset.</summary>
    public static CounterGenerations None { get; } = new([]);

    /// <summary>Returns the identity that stays constant across resets: the key's text without its last part.</summary>
    public static string IdentityOf(CounterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Text[..key.Text.LastIndexOf('/')];
    }

    /// <summary>Returns the counter of the current generation.</summary>
    public CounterKey Apply(CounterKey key) =>
        _generations.Count > 0 && _generations.TryGetValue(IdentityOf(key), out var generation)
            ? new CounterKey(key.Scope, key.ScopeId, key.Counter, key.Kind, key.Window, generation)
            : key;
}
