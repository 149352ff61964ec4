namespace Gateway.Limits.Owning;

/// <summary>A row of <see cref="KeyedRows{TRow}"/>.</summary>
internal interface IKeyedRow
{
    /// <summary>The counter; null of a place that holds none.</summary>
    CounterKey? Key { get; }
}
