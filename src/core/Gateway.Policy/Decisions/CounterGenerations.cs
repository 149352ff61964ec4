using System.Collections.Frozen;
using Gateway.Limits.Model;

namespace Gateway.Policy.Decisions;

/// <summary>
/// How often counters were reset. A reset is a new generation: the counter becomes another one, which nobody has used.
/// </summary>
public sealed class CounterGenerations
{
    private readonly FrozenDictionary<string, int> _generations;

    /// <param name="generations">Identity, as <see cref="IdentityOf"/> gives it, to generation; 0 where absent.</param>
    public CounterGenerations(IEnumerable<KeyValuePair<string, int>> generations) =>
        _generations = generations.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Nothing was ever reset.</summary>
    public static CounterGenerations None { get; } = new([]);

    /// <summary>What stays the same over resets: the key's text without its last part.</summary>
    public static string IdentityOf(CounterKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Text[..key.Text.LastIndexOf('/')];
    }

    /// <summary>Returns the counter of today's generation.</summary>
    public CounterKey Apply(CounterKey key) =>
        _generations.Count > 0 && _generations.TryGetValue(IdentityOf(key), out var generation)
            ? new CounterKey(key.Scope, key.ScopeId, key.Counter, key.Kind, key.Window, generation)
            : key;
}
