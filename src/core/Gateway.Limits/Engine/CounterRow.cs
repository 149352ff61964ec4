using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>A place of a shard's index.</summary>
internal readonly struct CounterRow(ICounter counter) : ICompactRow
{
    /// <summary>The counter; null if there is none here.</summary>
    public ICounter? Counter { get; } = counter;

    /// <inheritdoc/>
    public CounterKey? Key => Counter?.Key;
}
