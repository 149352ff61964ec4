using Gateway.Control.Memory;

namespace Gateway.Control.Snapshots;

/// <summary>What moves of a grant while snapshots come and go: its last use. Owned by the grant.</summary>
public sealed class GrantState(string name, long lastUsedMs = 0)
{
    private long _lastUsedMs = lastUsedMs;

    /// <summary>The last message that this process admitted for it, Unix milliseconds; 0 for none.</summary>
    public long LastUsedMs => Volatile.Read(ref _lastUsedMs);

    /// <summary>What its requests and answers hold of the process's memory.</summary>
    public MemoryShare Memory { get; } = new(name);

    /// <summary>Remembers that a message was admitted, at an instant in Unix milliseconds.</summary>
    public void Use(long nowMs) => Volatile.Write(ref _lastUsedMs, nowMs);
}
