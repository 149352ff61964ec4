namespace Gateway.Orleans.Wire;

/// <summary>What a counter says to a question.</summary>
[GenerateSerializer]
[Alias("gateway.counter-answer-kind")]
public enum CounterAnswerKind
{
    /// <summary>Nothing was given.</summary>
    Refused = 0,

    /// <summary>Numbers were given; after a peek, they would have been.</summary>
    Granted = 1,

    /// <summary>This call id has ended; nothing is given for it any more.</summary>
    Closed = 2,

    /// <summary>This activation is going away and gave nothing: ask again, with the same call id.</summary>
    Gone = 3,

    /// <summary>Only a desk says so: the answer comes later, ask again with the same call id.</summary>
    Waiting = 4,
}
