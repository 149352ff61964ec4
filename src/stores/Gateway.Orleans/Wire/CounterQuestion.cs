namespace Gateway.Orleans.Wire;

/// <summary>What one call wants of one counter, its costs on that key already summed.</summary>
/// <param name="CallId">The call; repeated only while it was never answered.</param>
/// <param name="MaxNano">The maximum that the call is judged by, in 10^-9 units.</param>
/// <param name="CostNano">What it takes, above zero and at most the maximum, in 10^-9 units.</param>
/// <param name="RefundableNano">How much of it comes back on an error answer, in 10^-9 units.</param>
/// <param name="IsPeek">True to be told without taking anything.</param>
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
    /// Of calls in flight: when the place was reserved, Unix milliseconds, that this one takes the place of; 0 for a
    /// call that has none yet, and from a frontend of a release that knows none.
    /// </summary>
    [Id(5)]
    public long RenewsMs { get; init; }
}
