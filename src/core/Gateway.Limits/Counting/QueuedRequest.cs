using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>A call that waits at a counter. Owned by that counter.</summary>
/// <param name="Request">The call's request.</param>
/// <param name="Arrival">
/// The call's position in the order of arrival. A read of the record is fresh for it only if begun later.
/// </param>
public sealed record QueuedRequest(CounterRequest Request, uint Arrival)
{
    /// <summary>True while it waits for numbers that may come back, rather than for the store.</summary>
    public bool IsParked { get; set; }
}
