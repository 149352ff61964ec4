using Gateway.Limits.Model;

namespace Gateway.Control.Health;

/// <summary>The state that the limit engine reports; each host binds its own engine.</summary>
public interface IEngineHealth
{
    /// <summary>The place where counts are kept, for the operator.</summary>
    string Kind => "store";

    /// <summary>The reason why the engine cannot decide; null while it can.</summary>
    string? Fault { get; }

    /// <summary>
    /// The requests of this process to the store of reservations so far; zeros if another process sends them.
    /// </summary>
    LimiterStatistics Statistics => default;

    /// <summary>
    /// False while this machine's clock cannot be trusted: it jumped ahead, or differs too much from the store's. The
    /// engine then has a <see cref="Fault"/> too.
    /// </summary>
    bool IsClockTrusted { get; }

    /// <summary>
    /// The time by which this machine's clock is ahead of the store's, as far as it is known; negative if behind, zero
    /// if there is nothing to compare with.
    /// </summary>
    TimeSpan ClockAhead => TimeSpan.Zero;

    /// <summary>The current size of the journal in bytes; 0 if there is no journal.</summary>
    long JournalBytes => 0;
}
