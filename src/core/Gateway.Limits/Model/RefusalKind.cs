namespace Gateway.Limits.Model;

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

    /// <summary>There are as many counters as may be, and this would be a new one.</summary>
    AtBound,

    /// <summary>As many calls wait for this counter as may.</summary>
    TooManyWaiting,

    /// <summary>As many values as may be are counted in this window, and this would be a new one.</summary>
    TooManyValues,
}
