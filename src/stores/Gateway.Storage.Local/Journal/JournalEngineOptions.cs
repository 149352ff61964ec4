using Gateway.Limits.Model;

namespace Gateway.Storage.Local.Journal;

/// <summary>Options of the embedded limiter.</summary>
public sealed record JournalEngineOptions
{
    /// <summary>Folder of the journal and its lock, on a local file system; created if missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The failures that a reservation survives.</summary>
    public Durability Durability { get; init; } = Durability.Process;

    /// <summary>
    /// True to add a dead band of <see cref="ClockBounds.EpsilonMs"/> at each edge of a window, in which callers wait,
    /// so that no true window ever admits more than the maximum.
    /// </summary>
    public bool StrictWindows { get; init; }

    /// <summary>Bounds on counters whose window may still refuse; a further one is refused, with the reason.</summary>
    public CounterBounds Bounds { get; init; } = new();

    /// <summary>The highest trusted time before this start; by default none is stored.</summary>
    public StoredTime StoredTime { get; init; }
}
