namespace Gateway.Limits.Counting;

/// <summary>What an ask needs next.</summary>
internal enum NextMove
{
    /// <summary>The numbers are in hand.</summary>
    Issue,

    /// <summary>Something is on its way from the store: wait for it.</summary>
    AwaitStore,

    /// <summary>The record must be read first.</summary>
    Read,

    /// <summary>There is room to reserve.</summary>
    Reserve,

    /// <summary>There is none.</summary>
    Refuse,
}
