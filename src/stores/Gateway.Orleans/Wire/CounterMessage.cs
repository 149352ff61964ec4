namespace Gateway.Orleans.Wire;

/// <summary>What one frontend wants of one counter at one moment: all that gathered goes together.</summary>
/// <param name="Questions">The calls that ask.</param>
/// <param name="Settled">
/// Calls answered earlier whose numbers can no longer come back; null if there are none. The counter then knows when a
/// refusal is final.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.counter-message")]
public sealed record CounterMessage(
    [property: Id(0)] CounterQuestion[] Questions,
    [property: Id(1)] UInt128[]? Settled);
