using Gateway.Control.Memory;

namespace Gateway.Control.Snapshots;

/// <summary>
/// The state of a grant that survives snapshots: its last use, and the ends it has reached. Owned by the grant.
/// </summary>
public sealed class GrantState(string name, long lastUsedMs = 0)
{
    private long _lastUsedMs = lastUsedMs;
    private long _expiredUseMs;
    private volatile bool _hasEnded;
    private volatile bool _hasPreviousEnded;

    /// <summary>
    /// The time of the last message that this process admitted for it, in Unix milliseconds; 0 for none.
    /// </summary>
    public long LastUsedMs => Volatile.Read(ref _lastUsedMs);

    /// <summary>
    /// The time of the last message that this process refused because the grant has expired, in Unix milliseconds; 0
    /// for none.
    /// </summary>
    public long ExpiredUseMs
    {
        get => Volatile.Read(ref _expiredUseMs);
        set => Volatile.Write(ref _expiredUseMs, value);
    }

    /// <summary>True once its expiry was reached, whatever the clock shows now.</summary>
    public bool HasEnded
    {
        get => _hasEnded;
        set => _hasEnded = value;
    }

    /// <summary>True once the expiry of its token from before the last rotation was reached.</summary>
    public bool HasPreviousEnded
    {
        get => _hasPreviousEnded;
        set => _hasPreviousEnded = value;
    }

    /// <summary>The memory of the process that its requests and responses hold.</summary>
    public MemoryShare Memory { get; } = new(name);

    /// <summary>Remembers that a message was admitted, at a time in Unix milliseconds.</summary>
    public void Use(long nowMs) => Volatile.Write(ref _lastUsedMs, nowMs);
}
