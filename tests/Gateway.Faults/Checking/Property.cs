namespace Gateway.Faults.Checking;

/// <summary>A property that every history must have.</summary>
internal enum Property
{
    /// <summary>No number of a window is given out twice, and all are below the maximum.</summary>
    NumbersOnce,

    /// <summary>By label, the calls that reached the server in a window are at most the maximum.</summary>
    ChargedWithinMax,

    /// <summary>For each value, the services get at most the maximum of OK responses.</summary>
    ServicesWithinMax,

    /// <summary>No more calls are open at the server than the limit allows.</summary>
    OpenWithinMax,

    /// <summary>Every call that reached the server was decided and recorded before.</summary>
    RecordedFirst,

    /// <summary>A call id reaches the server once.</summary>
    ReachedOnce,

    /// <summary>Each limit of a call is charged once, by the right cost, or not at all.</summary>
    AllOrNone,

    /// <summary>A window with a refusal admitted the maximum, less the losses that faults allow.</summary>
    UsedInFull,

    /// <summary>A call reaches the server in its window, by a correct clock.</summary>
    InItsWindow,

    /// <summary>The first admission comes within 2 s after everything is healed.</summary>
    BackInTime,

    /// <summary>
    /// No call is denied as unavailable, failed or left without a response while no fault affects it.
    /// </summary>
    Available,

    /// <summary>At most one write for each admission, return and release.</summary>
    WritesBounded,
}
