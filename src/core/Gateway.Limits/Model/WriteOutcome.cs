namespace Gateway.Limits.Model;

/// <summary>What became of a compare-and-swap.</summary>
public enum WriteOutcome
{
    /// <summary>
    /// It may or may not have been applied: a time-out, a broken connection, and every error of a client that retries
    /// by itself (HTTP 409 and 412 included). The caller reads, and counts on it only if its own nonce is there.
    /// </summary>
    Unknown,

    /// <summary>It was applied, durably.</summary>
    Ok,

    /// <summary>It was certainly not applied: the record no longer carries the expected nonce.</summary>
    Conflict,

    /// <summary>
    /// It was certainly not applied: the window is at or below the store's floor, or what was counted in it may be
    /// lost. Nothing of this window is handed out any more.
    /// </summary>
    Finished,

    /// <summary>It was certainly not applied: the store holds as many records as it may.</summary>
    Full,
}
