namespace Gateway.Orleans.Wire;

/// <summary>The kind of a counter's reply to a request.</summary>
[GenerateSerializer]
[Alias("gateway.counter-answer-kind")]
public enum CounterAnswerKind
{
    /// <summary>Nothing was granted.</summary>
    Refused = 0,

    /// <summary>Numbers were granted; for a peek, they would have been.</summary>
    Granted = 1,

    /// <summary>This call id has ended; nothing is granted for it anymore.</summary>
    Closed = 2,

    /// <summary>This activation is leaving and granted nothing: retry with the same call id.</summary>
    Gone = 3,

    /// <summary>Used only by a batch grain: the result is not ready, retry with the same call id.</summary>
    Waiting = 4,
}
