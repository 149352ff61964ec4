using Gateway.Limits;

namespace Gateway.Proxy.Health;

/// <summary>What the limit engine says of itself; each host binds its own engine.</summary>
public interface IEngineHealth
{
    /// <summary>Why the engine cannot decide; null while it can.</summary>
    string? Fault { get; }

    /// <summary>
    /// What this process asked of the store of reservations so far; zeros where another process asks it.
    /// </summary>
    LimiterFigures Figures => default;

    /// <summary>Bytes of the journal now; 0 where there is none.</summary>
    long JournalBytes => 0;
}
