using Gateway.Limits.Counting;

namespace Gateway.Limits.Owning;

/// <summary>A place of a shard's index.</summary>
internal readonly struct CounterRow(ICounter counter) : IKeyedRow
{
    /// <summary>The counter; null if there is none here.</summary>
    public ICounter? Counter { get; } = counter;

    /// <inheritdoc/>
    public CounterKey? Key => Counter?.Key;
}
