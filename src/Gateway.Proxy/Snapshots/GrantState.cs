namespace Gateway.Proxy.Snapshots;

/// <summary>What moves of a grant while snapshots come and go: its last use, and its end. Owned by the grant.</summary>
internal sealed class GrantState(long lastUsedMs = 0) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private long _lastUsedMs = lastUsedMs;

    /// <summary>
    /// Set once the grant was revoked, paused, has expired or lost a server: whatever is open for it closes.
    /// </summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>The last message that this process admitted for it, Unix milliseconds; 0 for none.</summary>
    public long LastUsedMs => Volatile.Read(ref _lastUsedMs);

    public void Use(long nowMs) => Volatile.Write(ref _lastUsedMs, nowMs);

    public Task EndAsync() => _end.CancelAsync();

    public void Dispose() => _end.Dispose();
}
