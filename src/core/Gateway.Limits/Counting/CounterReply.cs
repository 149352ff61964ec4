using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>A counter's reply to a request.</summary>
/// <param name="Kind">The kind of reply.</param>
/// <param name="Part">The numbers, if granted.</param>
/// <param name="Refusal">The reason, if refused.</param>
public readonly record struct CounterReply(CounterReplyKind Kind, CounterPermit? Part, CounterRefusal Refusal)
{
    /// <summary>The reply of a counter that replies later.</summary>
    public static CounterReply Waiting => default;

    /// <summary>The reply to a call id that has ended.</summary>
    public static CounterReply Closed => new(CounterReplyKind.Closed, null, default);

    /// <summary>The refusal of a counter whose remaining numbers are unknown; no window refused.</summary>
    public static CounterReply Unavailable =>
        Refused(new CounterRefusal(RefusalKind.EngineUnavailable, default, long.MinValue));

    /// <summary>Returns a reply that grants these numbers.</summary>
    public static CounterReply Granted(CounterPermit part) => new(CounterReplyKind.Granted, part, default);

    /// <summary>Returns a refusal.</summary>
    public static CounterReply Refused(CounterRefusal refusal) => new(CounterReplyKind.Refused, null, refusal);
}

/// <summary>The kind of a counter's reply.</summary>
public enum CounterReplyKind
{
    /// <summary>The reply comes later, as an effect.</summary>
    Waiting,

    /// <summary>Numbers were given.</summary>
    Granted,

    /// <summary>Nothing was given.</summary>
    Refused,

    /// <summary>This call id has ended; no more numbers are given for it.</summary>
    Closed,
}
