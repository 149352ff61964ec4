using Gateway.Control.Storage;
using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>Reads and writes the counters of a journal that no gateway uses.</summary>
public static class JournalCounters
{
    /// <summary>Time after a start by which every window affected by a loss of power has ended.</summary>
    private const long ShortBlindEndsMs = 2 * JournalState.LongWindowMs;

    /// <summary>Reads the counters as a start at this moment would, without changing anything.</summary>
    /// <param name="directory">The journal's folder; it may be missing.</param>
    /// <param name="nowMs">The present time.</param>
    /// <param name="marks">Counters that are markers, not limits: they also count in closed windows.</param>
    /// <exception cref="JournalException">The journal is damaged or has a newer format.</exception>
    /// <exception cref="IOException">The disk reported an error.</exception>
    public static StoredCounters Read(string directory, long nowMs, IEnumerable<CounterKey> marks)
    {
        if (!Directory.Exists(directory))
            return new StoredCounters([], 0, long.MinValue);
        var (disk, bootId) = (new DiskFolder(directory), BootId.Read());
        using var file = new JournalFile(disk, new JournalWitness(disk, bootId));
        var state = file.Read() ?? new JournalState { BootId = bootId };
        var isRestored = state.BootId == JournalState.RestoredBootId;
        state.NoteBoot(bootId, nowMs);
        if (nowMs - ShortBlindEndsMs > state.ShortBlindMs)
            state.ShortBlindMs = long.MinValue;
        var kept = marks.ToHashSet();
        return new StoredCounters(
            [.. state.Entries.Where(one => kept.Contains(one.Key) || !state.IsFinished(one.Key, one.Value))],
            Math.Max(0, state.FloorMs),
            isRestored ? StoredCounters.ClosedUntilStart : Math.Max(state.QuarantineMs, state.ShortBlindMs));
    }

    /// <summary>Writes a journal with these counters to an existing folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="counters">The counters.</param>
    /// <param name="nowMs">The present time.</param>
    /// <exception cref="IOException">The disk reported an error.</exception>
    public static void Write(string directory, StoredCounters counters, long nowMs)
    {
        ArgumentNullException.ThrowIfNull(counters);
        var isRestored = counters.ClosedBeforeMs == StoredCounters.ClosedUntilStart;
        var closedMs = isRestored ? nowMs : counters.ClosedBeforeMs;
        var state = new JournalState
        {
            BootId = isRestored ? JournalState.RestoredBootId : "",
            IsSynced = !isRestored,
            FloorMs = counters.FloorMs > 0 ? counters.FloorMs : long.MinValue,
            QuarantineMs = closedMs,
            ShortBlindMs = closedMs,
        };
        var nonces = new JournalNonces();
        foreach (var (key, record) in counters.Records)
            state.Entries[key] = record with { Nonce = nonces.Next() };
        using var journal = new JournalFile(new DiskFolder(directory));
        if (!journal.TryRewrite(state, out var failure)) throw failure!;
    }
}
