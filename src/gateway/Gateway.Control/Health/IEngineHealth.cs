using Gateway.Limits.Model;

namespace Gateway.Control.Health;

/// <summary>What the limit engine says of itself; each host binds its own engine.</summary>
public interface IEngineHealth
{
    /// <summary>Where the counts are kept, for the operator.</summary>
    string Kind => "store";

    /// <summary>Why the engine cannot decide; null while it can.</summary>
    string? Fault { get; }

    /// <summary>
    /// What this process asked of the store of reservations so far; zeros where another process asks it.
    /// </summary>
    LimiterStatistics Statistics => default;

    /// <summary>
    /// False while this machine's clock cannot be believed: it leapt ahead, or is too far from the store's. The engine
    /// then has a <see cref="Fault"/> too.
    /// </summary>
    bool IsClockTrusted { get; }

    /// <summary>
    /// By how much this machine's clock is ahead of the store's, as far as that is known; negative if behind, zero
    /// where there is nothing to compare with.
    /// </summary>
    TimeSpan ClockAhead => TimeSpan.Zero;

    /// <summary>Bytes of the journal now; 0 where there is none.</summary>
    long JournalBytes => 0;
}
