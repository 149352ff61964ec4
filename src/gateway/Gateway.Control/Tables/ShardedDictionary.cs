using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Gateway.Control.Tables;

/// <summary>
/// A dictionary by key, in no order. Immutable: a few changes create another one that shares every unchanged shard. A
/// lookup costs the same among many entries as among few.
/// </summary>
public sealed class ShardedDictionary<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    private const int ShardUsual = 32;
    private const int ShardMost = 128;
    private readonly Dictionary<TKey, TValue>[] _shards;

    private ShardedDictionary(Dictionary<TKey, TValue>[] shards, int count) => (_shards, Count) = (shards, count);

    /// <summary>Creates a dictionary of entries by their keys; no key may occur twice.</summary>
    public ShardedDictionary(IEnumerable<KeyValuePair<TKey, TValue>> all)
    {
        var list = all.ToList();
        Count = list.Count;
        _shards = new Dictionary<TKey, TValue>[
            BitOperations.RoundUpToPowerOf2((uint)(list.Count / ShardUsual) + 1)];
        for (var i = 0; i < _shards.Length; i++)
            _shards[i] = [];
        foreach (var (key, value) in list)
            _shards[ShardOf(key)].Add(key, value);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => this.Select(static one => one.Key);

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => this.Select(static one => one.Value);

    /// <inheritdoc/>
    public TValue this[TKey key] => _shards[ShardOf(key)][key];

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => _shards[ShardOf(key)].ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        _shards[ShardOf(key)].TryGetValue(key, out value);

    /// <summary>Returns this dictionary with these entries added or replaced; null removes an entry.</summary>
    public ShardedDictionary<TKey, TValue> With(IReadOnlyCollection<KeyValuePair<TKey, TValue?>> changes)
    {
        var shards = _shards.AsSpan().ToArray();
        var count = Count;
        foreach (var (key, value) in changes)
        {
            var at = ShardOf(key);
            // A shard that this call created is its own to change.
            var shard = ReferenceEquals(shards[at], _shards[at]) ? shards[at] = new(_shards[at]) : shards[at];
            count -= shard.Remove(key) ? 1 : 0;
            if (value is null)
                continue;
            shard.Add(key, value);
            count++;
        }

        var changed = new ShardedDictionary<TKey, TValue>(shards, count);
        return count <= ShardMost * shards.Length ? changed : new ShardedDictionary<TKey, TValue>(changed);
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() =>
        _shards.SelectMany(static shard => shard).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int ShardOf(TKey key) => key.GetHashCode() & (_shards.Length - 1);
}
