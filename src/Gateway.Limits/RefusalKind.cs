namespace Gateway.Limits;

/// <summary>Why nothing was taken.</summary>
public enum RefusalKind
{
    /// <summary>The window holds no room for this cost.</summary>
    NoRoom,

    /// <summary>The cost alone is above the maximum: no wait would help.</summary>
    CostOverMax,

    /// <summary>The store cannot be reached or has failed, and no numbers are in hand: denied, never guessed.</summary>
    EngineUnavailable,

    /// <summary>The counter is already in a window that this node's clock has not reached.</summary>
    ClockBehind,

    /// <summary>A bound of the engine (counters, waiters) is reached.</summary>
    AtBound,
}
