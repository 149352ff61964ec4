namespace Gateway.Orleans.Wire;

/// <summary>Requests of one frontend to one counter, collected into one message.</summary>
/// <param name="Questions">The calls' requests.</param>
/// <param name="Committed">
/// Earlier calls whose numbers can no longer be returned; null if there are none. They let the counter recognize a
/// final refusal.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-message")]
public sealed record CounterMessage(
    [property: Id(0)] CounterQuestion[] Questions,
    [property: Id(1)] UInt128[]? Committed);
