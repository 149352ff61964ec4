using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// What a step of a counter wants done. The driver empties it after every step: answers to their callers, at most one
/// request to the store, and at most one call-back at a later time.
/// </summary>
public sealed class CounterEffects
{
    /// <summary>Answers to calls that had to wait.</summary>
    public List<AnsweredCall> Answers { get; } = [];

    /// <summary>What to ask of the store.</summary>
    public StoreRequest? Request { get; set; }

    /// <summary>When a parked call's patience ends: step the counter with the time then.</summary>
    public long? WakeAtMs { get; set; }

    /// <summary>
    /// Where parts of permits come from that go to one caller at once, or are told and used again; null for none.
    /// </summary>
    public PermitPool? Permits { get; init; }

    /// <summary>True while so much is being asked of the store that what is not yet needed should wait.</summary>
    public bool IsStoreBusy { get; set; }

    /// <summary>Forgets everything that the step wants done.</summary>
    public void Clear()
    {
        Answers.Clear();
        Request = null;
        WakeAtMs = null;
    }
}
