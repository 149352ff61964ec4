using Gateway.Limits.Counting;
using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Engine;

/// <summary>A row of a shard's index.</summary>
internal readonly struct CounterRow(ICounter counter) : ICompactRow
{
    /// <summary>The counter; null for an empty row.</summary>
    public ICounter? Counter { get; } = counter;

    /// <inheritdoc/>
    public CounterKey? Key => Counter?.Key;
}
