namespace Gateway.Control.Health;

/// <summary>One cause: what it refused, and since when it goes on. It is opened and closed under a lock.</summary>
internal sealed class TroubleState
{
    private long _refused;
    private long _refusedBefore;
    private long _began;
    private long _lastSeen;
    private volatile bool _isOpen;

    /// <summary>Calls refused for it since the start.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Whether it goes on.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>When it was last met.</summary>
    public long LastSeen => Volatile.Read(ref _lastSeen);

    public void Count() => Interlocked.Increment(ref _refused);

    /// <summary>Notes that it was met; false where nobody has said so yet.</summary>
    public bool Seen(long now)
    {
        Volatile.Write(ref _lastSeen, now);
        return _isOpen;
    }

    public bool TryOpen(long now)
    {
        if (_isOpen)
            return false;
        (_began, _isOpen) = (now, true);
        return true;
    }

    public bool TryClose(out long began, out long refused)
    {
        (began, refused) = (_began, Refused - _refusedBefore);
        if (!_isOpen)
            return false;
        (_refusedBefore, _isOpen) = (_refusedBefore + refused, false);
        return true;
    }
}
