namespace Gateway.Limits.Model;

/// <summary>The reason why nothing was taken.</summary>
public enum RefusalKind
{
    /// <summary>The window has no room for this cost.</summary>
    NoRoom,

    /// <summary>The cost alone is above the maximum, so waiting does not help.</summary>
    CostOverMax,

    /// <summary>
    /// The store cannot be reached or has failed, and no numbers are in hand. The call is denied, never guessed.
    /// </summary>
    EngineUnavailable,

    /// <summary>The counter is already in a window that this node's clock has not reached.</summary>
    ClockBehind,

    /// <summary>The maximum number of counters is reached, and this would be a new one.</summary>
    AtBound,

    /// <summary>The maximum number of calls waits for this counter.</summary>
    TooManyWaiting,

    /// <summary>The maximum number of values is counted in this window, and this would be a new one.</summary>
    TooManyValues,
}
