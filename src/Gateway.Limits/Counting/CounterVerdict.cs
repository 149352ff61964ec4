namespace Gateway.Limits.Counting;

/// <summary>What a counter says to an ask.</summary>
/// <param name="Kind">Which of the answers.</param>
/// <param name="Part">The numbers, when granted.</param>
/// <param name="Refusal">The reason, when refused.</param>
internal readonly record struct CounterVerdict(VerdictKind Kind, CounterPermit? Part, CounterRefusal Refusal)
{
    /// <summary>The answer comes later.</summary>
    public static CounterVerdict Waiting => default;

    /// <summary>The call id has ended.</summary>
    public static CounterVerdict Closed => new(VerdictKind.Closed, null, default);

    /// <summary>Nothing was given, because nobody could say what is left; no window refused.</summary>
    public static CounterVerdict Unavailable =>
        Refused(new CounterRefusal(RefusalKind.EngineUnavailable, default, long.MinValue));

    /// <summary>Numbers were given.</summary>
    public static CounterVerdict Granted(CounterPermit part) => new(VerdictKind.Granted, part, default);

    /// <summary>Nothing was given.</summary>
    public static CounterVerdict Refused(CounterRefusal refusal) => new(VerdictKind.Refused, null, refusal);
}
