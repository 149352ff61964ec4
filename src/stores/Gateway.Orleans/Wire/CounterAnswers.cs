namespace Gateway.Orleans.Wire;

/// <summary>The answers to the questions of one message, in their order.</summary>
/// <param name="Owner">The activation that answers; only it takes its numbers back.</param>
/// <param name="ClockMs">Its clock when it answered, Unix milliseconds UTC.</param>
/// <param name="Items">One answer for each question.</param>
/// <param name="Desk">
/// The key of the desk at which this activation can be asked together with others of its silo; null from a silo of a
/// release that has none.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-answers")]
public sealed record CounterAnswers(
    [property: Id(0)] UInt128 Owner,
    [property: Id(1)] long ClockMs,
    [property: Id(2)] CounterAnswer[] Items,
    [property: Id(3)] string? Desk = null);
