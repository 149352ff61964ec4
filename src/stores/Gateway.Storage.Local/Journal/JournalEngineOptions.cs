using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>How the embedded engine runs.</summary>
public sealed record JournalEngineOptions
{
    /// <summary>The folder of the journal and its lock, on a local file system; made if missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What a reservation survives.</summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>
    /// A dead band of <see cref="ClockBounds.EpsilonMs"/> at each edge of a window, in which callers wait, so that no
    /// true window ever admits more than the maximum.
    /// </summary>
    public bool StrictWindows { get; init; }

    /// <summary>Counters whose window may still refuse; one more is refused, with the reason.</summary>
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>The highest time that was trusted before this start; by default nothing was stored.</summary>
    public StoredTime StoredTime { get; init; }
}
