using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>What a counter says to an ask.</summary>
/// <param name="Kind">Which of the answers.</param>
/// <param name="Part">The numbers, when granted.</param>
/// <param name="Refusal">The reason, when refused.</param>
public readonly record struct CounterReply(CounterReplyKind Kind, CounterPermit? Part, CounterRefusal Refusal)
{
    /// <summary>The answer comes later.</summary>
    public static CounterReply Waiting => default;

    /// <summary>The call id has ended.</summary>
    public static CounterReply Closed => new(CounterReplyKind.Closed, null, default);

    /// <summary>Nothing was given, because nobody could say what is left; no window refused.</summary>
    public static CounterReply Unavailable =>
        Refused(new CounterRefusal(RefusalKind.EngineUnavailable, default, long.MinValue));

    /// <summary>Numbers were given.</summary>
    public static CounterReply Granted(CounterPermit part) => new(CounterReplyKind.Granted, part, default);

    /// <summary>Nothing was given.</summary>
    public static CounterReply Refused(CounterRefusal refusal) => new(CounterReplyKind.Refused, null, refusal);
}
