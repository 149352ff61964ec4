using Gateway.Control.Memory;

namespace Gateway.Control.Snapshots;

/// <summary>What moves of a grant while snapshots come and go: its last use. Owned by the grant.</summary>
public sealed class GrantState(string name, long lastUsedMs = 0)
{
    private long _lastUsedMs = lastUsedMs;
    private volatile bool _hasEnded;
    private volatile bool _hasPreviousEnded;

    /// <summary>The last message that this process admitted for it, Unix milliseconds; 0 for none.</summary>
    public long LastUsedMs => Volatile.Read(ref _lastUsedMs);

    /// <summary>Whether its expiry was reached, whatever the clock shows now.</summary>
    public bool HasEnded
    {
        get => _hasEnded;
        set => _hasEnded = value;
    }

    /// <summary>The same of its token from before the last rotation.</summary>
    public bool HasPreviousEnded
    {
        get => _hasPreviousEnded;
        set => _hasPreviousEnded = value;
    }

    /// <summary>What its requests and answers hold of the process's memory.</summary>
    public MemoryShare Memory { get; } = new(name);

    /// <summary>Remembers that a message was admitted, at an instant in Unix milliseconds.</summary>
    public void Use(long nowMs) => Volatile.Write(ref _lastUsedMs, nowMs);
}
