namespace Gateway.Orleans.Wire;

/// <summary>One call's request to one counter, with its costs on that counter already summed.</summary>
/// <param name="CallId">The call; repeated only as long as it has no reply.</param>
/// <param name="MaxNano">The maximum that applies to the call, in 10^-9 units.</param>
/// <param name="CostNano">The cost, above zero and at most the maximum, in 10^-9 units.</param>
/// <param name="RefundableNano">The part of the cost that is refunded for an error response, in 10^-9 units.</param>
/// <param name="IsPeek">True to get the result without taking anything.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-question")]
public readonly record struct CounterQuestion(
    [property: Id(0)] UInt128 CallId,
    [property: Id(1)] Int128 MaxNano,
    [property: Id(2)] Int128 CostNano,
    [property: Id(3)] Int128 RefundableNano,
    [property: Id(4)] bool IsPeek)
{
    /// <summary>
    /// For calls in flight, the reservation time in Unix milliseconds of the place that this request renews; 0 for a
    /// call without a place, and from a frontend of a release without renewals.
    /// </summary>
    [Id(5)]
    public long RenewsMs { get; init; }
}
