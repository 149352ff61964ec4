namespace Gateway.Faults.Checking;

/// <summary>What must hold of every history.</summary>
internal enum Property
{
    /// <summary>No number of a window is in two hands, and all lie below the maximum.</summary>
    NumbersOnce,

    /// <summary>By label, what the server was asked for in a window is at most the maximum.</summary>
    ChargedWithinMax,

    /// <summary>Of each value that services ask about, no more requests were answered OK than its maximum.</summary>
    ServicesWithinMax,

    /// <summary>No more calls are open at the server than may be.</summary>
    OpenWithinMax,

    /// <summary>Whatever reached the server was decided and recorded before.</summary>
    RecordedFirst,

    /// <summary>One call id reaches the server once.</summary>
    ReachedOnce,

    /// <summary>Each limit of a call is charged once, by the right cost, or not at all.</summary>
    AllOrNone,

    /// <summary>A window of which somebody was refused admitted the maximum, less what faults may lose.</summary>
    UsedInFull,

    /// <summary>A call reaches the server in its window, by a clock that is right.</summary>
    InItsWindow,

    /// <summary>The first admission comes within 2 s after everything is whole again.</summary>
    BackInTime,

    /// <summary>Nobody is denied, failed or left without an answer where no fault touches.</summary>
    Available,

    /// <summary>At most one write for an admission, a hand-back and a release.</summary>
    WritesBounded,
}
