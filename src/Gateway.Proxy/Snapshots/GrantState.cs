namespace Gateway.Proxy.Snapshots;

/// <summary>What moves of a grant while snapshots come and go: its last use. Owned by the grant.</summary>
internal sealed class GrantState(long lastUsedMs = 0)
{
    private long _lastUsedMs = lastUsedMs;

    /// <summary>The last message that this process admitted for it, Unix milliseconds; 0 for none.</summary>
    public long LastUsedMs => Volatile.Read(ref _lastUsedMs);

    public void Use(long nowMs) => Volatile.Write(ref _lastUsedMs, nowMs);
}
