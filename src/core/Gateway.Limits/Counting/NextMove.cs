namespace Gateway.Limits.Counting;

/// <summary>The next step for a request.</summary>
internal enum NextMove
{
    /// <summary>The numbers are in hand.</summary>
    Issue,

    /// <summary>An exchange with the store is in progress: wait for it.</summary>
    AwaitStore,

    /// <summary>The record must be read first.</summary>
    Read,

    /// <summary>There is room to reserve numbers.</summary>
    Reserve,

    /// <summary>There is no room.</summary>
    Refuse,
}
