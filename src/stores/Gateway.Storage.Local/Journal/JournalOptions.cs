using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Storage.Local.Journal;

/// <summary>Options of a journal.</summary>
internal sealed record JournalOptions
{
    /// <summary>The failures that a reservation survives.</summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>Bounds on counters whose window may still refuse; a further one is refused.</summary>
    [ValidateObjectMembers]
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>
    /// Length in bytes from which a file is rewritten once it also exceeds <see cref="GrowthMax"/> times the needs of
    /// its live counters.
    /// </summary>
    [Range(0, double.MaxValue)]
    public long CompactFromBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Maximum length of a file as a multiple of the needs of its live counters.</summary>
    [Range(1, 1000)]
    public int GrowthMax { get; init; } = 4;

    /// <summary>
    /// Number of counters that are copied to a new file, or removed, before waiting calls get their turn.
    /// </summary>
    [Range(1, 1 << 20)]
    public int RowsAtOnce { get; init; } = 4096;

    /// <summary>
    /// Number of bytes of a new file from which another thread syncs it, so that no call waits for the sync.
    /// </summary>
    [Range(0, double.MaxValue)]
    public long SyncAsideFromBytes { get; init; } = 1024 * 1024;

    /// <summary>The current boot of the machine.</summary>
    public string BootId { get; init; } = Gateway.Storage.Local.Journal.BootId.Read();
}
