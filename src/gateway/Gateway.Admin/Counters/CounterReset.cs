namespace Gateway.Admin.Counters;

/// <summary>A request to reset a counter.</summary>
internal sealed record CounterReset
{
    /// <summary>The counter's key as the list shows it.</summary>
    public required string Key { get; init; }
}
