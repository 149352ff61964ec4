namespace Gateway.Limits.Tests.Simulation.Oracles;

/// <summary>What an owner gave out to a call, and what became of it.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Call">The call.</param>
/// <param name="StartMs">Start of its window, or when it was reserved.</param>
/// <param name="Max">The maximum of the call.</param>
/// <param name="Cost">How much it is.</param>
/// <param name="Numbers">Its numbers that did not come back; empty for a kind that only counts.</param>
internal sealed record Given(
    CounterKey Key, CallId Call, long StartMs, Amount Max, Int128 Cost, ImmutableArray<NumberRange> Numbers)
{
    /// <summary>Until when it may be used.</summary>
    public required long EndMs { get; init; }

    /// <summary>True time when the server received the call; null if it did not.</summary>
    public long? SentMs { get; init; }

    /// <summary>How much of it came back.</summary>
    public Int128 Returned { get; init; }

    /// <summary>When that was, at the earliest, by the clock of the owner.</summary>
    public long ReturnedMs { get; init; }

    /// <summary>What is out or charged.</summary>
    public Int128 Left => Cost - Returned;
}
