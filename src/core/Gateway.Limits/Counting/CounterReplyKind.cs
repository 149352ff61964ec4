namespace Gateway.Limits.Counting;

/// <summary>What a counter says to an ask.</summary>
public enum CounterReplyKind
{
    /// <summary>The answer comes later, as an effect.</summary>
    Waiting,

    /// <summary>Numbers were given.</summary>
    Granted,

    /// <summary>Nothing was given.</summary>
    Refused,

    /// <summary>This call id has ended; nothing is given for it any more.</summary>
    Closed,
}
