namespace Gateway.Limits.Model;

/// <summary>The outcome of a compare-and-swap.</summary>
public enum WriteOutcome
{
    /// <summary>
    /// The write may or may not have been applied: a time-out, a broken connection, or any error of a client that
    /// retries by itself (including HTTP 409 and 412). The caller reads the record, and relies on the write only if its
    /// own nonce is there.
    /// </summary>
    Unknown,

    /// <summary>The write was applied, durably.</summary>
    Ok,

    /// <summary>The write was certainly not applied: the record no longer carries the expected nonce.</summary>
    Conflict,

    /// <summary>
    /// The write was certainly not applied: the window is at or below the store's lower bound, or its counts may be
    /// lost. Nothing of this window is given out any more.
    /// </summary>
    Finished,

    /// <summary>The write was certainly not applied: the store holds the maximum number of records.</summary>
    Full,
}
