using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>What a journal says when read from its start. Owned by the store that read it.</summary>
internal sealed class JournalState
{
    /// <summary>Windows of at least this length are always synced, with either durability.</summary>
    public const long LongWindowMs = 3_600_000;

    /// <summary>
    /// Stands in place of a boot id in the journal of a restored backup. The first start closes every window that has
    /// begun by then: until that moment another gateway may have counted in it.
    /// </summary>
    public const string RestoredBootId = "restored";

    /// <summary>The record of every counter.</summary>
    public JournalIndex Entries { get; } = new();

    /// <summary>Windows that end at or before this are finished for good, Unix milliseconds UTC.</summary>
    public long FloorMs { get; set; } = long.MinValue;

    /// <summary>The run of the machine that wrote it.</summary>
    public string BootId { get; set; } = "";

    /// <summary>True if everything in it was synced before it counted.</summary>
    public bool IsSynced { get; set; }

    /// <summary>Windows under an hour that began before this may have lost counts in a reboot.</summary>
    public long ShortBlindMs { get; set; } = long.MinValue;

    /// <summary>All windows that began before this may have lost counts in a repair.</summary>
    public long QuarantineMs { get; set; } = long.MinValue;

    /// <summary>Closes the short windows that have begun, if a new run of the machine may have lost counts.</summary>
    public void NoteBoot(string bootId, long nowMs)
    {
        var isSameBoot = BootId.Length > 0 && BootId == bootId;
        if (!isSameBoot && !IsSynced && Entries.Count > 0)
            ShortBlindMs = Math.Max(ShortBlindMs, nowMs);
    }

    /// <summary>True if what was counted in the window of this record may be lost, or it is over for good.</summary>
    public bool IsFinished(CounterKey key, in Reservation next)
    {
        var blindMs = IsLong(key) ? QuarantineMs : Math.Max(QuarantineMs, ShortBlindMs);
        return Math.Max(key.Kind.FirstCountedMs(key.Window, next.WindowStartMs), key.GenerationFromMs) < blindMs
            || key.RecordEndMs(next) <= FloorMs;
    }

    /// <summary>True if a counter's records are synced even where the process is all that must be survived.</summary>
    public static bool IsLong(CounterKey key) => key.Window.ShortestMs >= LongWindowMs;
}
