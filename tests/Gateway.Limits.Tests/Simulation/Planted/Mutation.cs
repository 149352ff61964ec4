namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>What a broken counter does.</summary>
internal enum Mutation
{
    /// <summary>It keeps every rule, but what another owner gave out comes back to it.</summary>
    None,

    /// <summary>Replies first, and compares and swaps after.</summary>
    RepliesFirst,

    /// <summary>Credits a write when it reads its own nonce, and again when the late reply comes.</summary>
    CreditsTwice,

    /// <summary>Refuses by whatever it saw of the record last, however long ago.</summary>
    RemembersRecord,

    /// <summary>Gives out from memory, and writes afterwards, whatever the store holds by then.</summary>
    WritesLazily,

    /// <summary>Goes by its clock alone, back too.</summary>
    GoesBack,

    /// <summary>Hands numbers back and keeps them.</summary>
    KeepsReturned,

    /// <summary>Hands back whatever it wrote last, though more was reserved above it.</summary>
    ReturnsLastWrite,

    /// <summary>Numbers that are now reserved replace those in hand.</summary>
    ReplacesHand,

    /// <summary>Gives to all who wait what was reserved for some.</summary>
    GivesToAll,

    /// <summary>Hands back once more what an earlier write, of unknown outcome, may have handed back.</summary>
    RetriesReturns,

    /// <summary>Forgets numbers as soon as the length has passed, as if all clocks were one.</summary>
    ForgetsEarly,

    /// <summary>Counts numbers from when they were reserved, though they may be used a moment later.</summary>
    CountsFromStart,

    /// <summary>Refills twice as fast.</summary>
    RefillsTwice,

    /// <summary>Gives back what has been refilled since.</summary>
    RecoversRefilled,

    /// <summary>Begins a date though the one before it has not ended by the record.</summary>
    BeginsEarly,

    /// <summary>Gives out numbers below the maximum, though more than it was given out while it was higher.</summary>
    ForgetsHigherMaximum,

    /// <summary>Takes the bucket for full when it writes for the first time.</summary>
    StartsFull,
}
