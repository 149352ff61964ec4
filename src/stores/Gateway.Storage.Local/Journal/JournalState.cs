using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>The contents of a journal, replayed from its start. Owned by the store that read it.</summary>
internal sealed class JournalState
{
    /// <summary>Length from which windows are always synced, with either durability.</summary>
    public const long LongWindowMs = 3_600_000;

    /// <summary>
    /// Replaces the boot id in the journal of a restored backup. The first start closes every window that has begun by
    /// then, because until that moment another gateway may have counted in it.
    /// </summary>
    public const string RestoredBootId = "restored";

    /// <summary>The records of all counters.</summary>
    public JournalIndex Entries { get; } = new();

    /// <summary>Windows that end at or before this time are finished for good, Unix milliseconds UTC.</summary>
    public long FloorMs { get; set; } = long.MinValue;

    /// <summary>The boot of the machine that wrote the journal.</summary>
    public string BootId { get; set; } = "";

    /// <summary>True if everything in the journal was synced before it counted.</summary>
    public bool IsSynced { get; set; }

    /// <summary>Windows under one hour that began before this time may have lost counts in a reboot.</summary>
    public long ShortBlindMs { get; set; } = long.MinValue;

    /// <summary>All windows that began before this time may have lost counts in a repair.</summary>
    public long QuarantineMs { get; set; } = long.MinValue;

    /// <summary>Closes the short windows that have begun if a reboot may have lost counts.</summary>
    public void NoteBoot(string bootId, long nowMs)
    {
        var isSameBoot = BootId.Length > 0 && BootId == bootId;
        if (!isSameBoot && !IsSynced && Entries.Count > 0)
            ShortBlindMs = Math.Max(ShortBlindMs, nowMs);
    }

    /// <summary>
    /// Returns true if counts of this record's window may be lost, or the window is finished for good.
    /// </summary>
    public bool IsFinished(CounterKey key, in Reservation next)
    {
        var firstMs = Math.Max(key.Kind.FirstCountedMs(key.Window, next.WindowStartMs), key.GenerationFromMs);
        return firstMs < ClosedBeforeMs(key) || key.RecordEndMs(next) <= FloorMs;
    }

    /// <summary>Returns the time before which this counter's counts may be lost.</summary>
    public long ClosedBeforeMs(CounterKey key) =>
        IsLong(key) ? QuarantineMs : Math.Max(QuarantineMs, ShortBlindMs);

    /// <summary>Returns true if a counter's records are synced even with <see cref="Durability.Process"/>.</summary>
    public static bool IsLong(CounterKey key) => key.Window.ShortestMs >= LongWindowMs;
}
