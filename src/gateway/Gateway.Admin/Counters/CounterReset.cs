namespace Gateway.Admin.Counters;

/// <summary>Which counter is to begin anew.</summary>
internal sealed record CounterReset
{
    /// <summary>The counter's key as the list shows it.</summary>
    public required string Key { get; init; }
}
