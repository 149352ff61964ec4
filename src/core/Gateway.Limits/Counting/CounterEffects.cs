using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The effects that a step of a counter requires. The driver carries them out after every step: replies to callers, at
/// most one request to the store, and at most one timer.
/// </summary>
public sealed class CounterEffects
{
    /// <summary>Replies to calls that had to wait.</summary>
    public List<AnsweredCall> Answers { get; } = [];

    /// <summary>The request to send to the store.</summary>
    public StoreRequest? Request { get; set; }

    /// <summary>
    /// The time at which a parked call stops waiting. The driver then steps the counter with that time.
    /// </summary>
    public long? WakeAtMs { get; set; }

    /// <summary>
    /// Pool for permit parts that go to one caller immediately, or are copied to the wire and reused; null for none.
    /// </summary>
    public PermitPool? Permits { get; init; }

    /// <summary>True while the store has so many pending requests that anything not yet needed should wait.</summary>
    public bool IsStoreBusy { get; set; }

    /// <summary>Clears all effects.</summary>
    public void Clear()
    {
        Answers.Clear();
        Request = null;
        WakeAtMs = null;
    }
}

/// <summary>The deferred reply to one request.</summary>
/// <param name="Request">The request.</param>
/// <param name="Reply">The reply, granted or refused.</param>
public readonly record struct AnsweredCall(CounterRequest Request, CounterReply Reply);
