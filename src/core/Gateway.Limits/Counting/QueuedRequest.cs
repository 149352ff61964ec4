using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>A call that waits at a counter. Owned by that counter.</summary>
/// <param name="Request">What it wants.</param>
/// <param name="Arrival">
/// Its place in the order of arrival: a look at the record counts for it only if begun later.
/// </param>
public sealed record QueuedRequest(CounterRequest Request, uint Arrival)
{
    /// <summary>True while it waits for numbers that may come back, rather than for the store.</summary>
    public bool IsParked { get; set; }
}
