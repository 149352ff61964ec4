namespace Gateway.Limits.Counting;

/// <summary>What an ask needs next.</summary>
internal enum NextMove
{
    /// <summary>The numbers are in hand.</summary>
    Take,

    /// <summary>Something is on its way from the store: wait for it.</summary>
    Join,

    /// <summary>The record must be read first.</summary>
    Look,

    /// <summary>There is room to reserve.</summary>
    Reserve,

    /// <summary>There is none.</summary>
    Refuse,
}
