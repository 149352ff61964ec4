using System.ComponentModel.DataAnnotations;
using Gateway.Limits.Model;
using Microsoft.Extensions.Options;

namespace Gateway.Storage.Local.Journal;

/// <summary>How a journal runs.</summary>
internal sealed record JournalOptions
{
    /// <summary>What a reservation survives.</summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>Counters whose window may still refuse; one more is refused.</summary>
    [ValidateObjectMembers]
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>
    /// A file is rewritten when it is this long and <see cref="GrowthMax"/> times what its live counters need.
    /// </summary>
    [Range(0, double.MaxValue)]
    public long CompactFromBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How many times what its live counters need a file may be long.</summary>
    [Range(1, 1000)]
    public int GrowthMax { get; init; } = 4;

    /// <summary>Counters that go into a new file, or are let go of, before those that wait have their turn.</summary>
    [Range(1, 1 << 20)]
    public int RowsAtOnce { get; init; } = 4096;

    /// <summary>Bytes of a new file that another thread syncs, so that nobody waits for them.</summary>
    [Range(0, double.MaxValue)]
    public long SyncAsideFromBytes { get; init; } = 1024 * 1024;

    /// <summary>The present run of the machine.</summary>
    public string BootId { get; init; } = Gateway.Storage.Local.Journal.BootId.Read();
}
