namespace Gateway.Limits.Counting;

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
