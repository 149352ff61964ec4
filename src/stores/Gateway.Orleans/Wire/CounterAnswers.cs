namespace Gateway.Orleans.Wire;

/// <summary>The replies to the requests of one message, in order.</summary>
/// <param name="Owner">The activation that replied; only it takes its numbers back.</param>
/// <param name="ClockMs">The owner's clock when it replied, Unix milliseconds UTC.</param>
/// <param name="Items">One reply for each request.</param>
/// <param name="BatchGrain">
/// Key of the batch grain through which this activation can be reached together with others of its silo; null from a
/// silo of a release without batch grains.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-answers")]
public sealed record CounterAnswers(
    [property: Id(0)] UInt128 Owner,
    [property: Id(1)] long ClockMs,
    [property: Id(2)] CounterAnswer[] Items,
    [property: Id(3)] string? BatchGrain = null);
