namespace Gateway.Control.Health;

/// <summary>
/// One cause of refusals: the number of refused calls and the start of the trouble. Opened and closed under a lock.
/// </summary>
internal sealed class TroubleState
{
    private long _refused;
    private long _refusedBefore;
    private long _began;
    private long _lastSeen;
    private volatile bool _isOpen;

    /// <summary>The number of calls refused for this cause since the process started.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>True while the trouble lasts.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>The timestamp of its last occurrence.</summary>
    public long LastSeen => Volatile.Read(ref _lastSeen);

    public void Count() => Interlocked.Increment(ref _refused);

    /// <summary>Notes an occurrence; returns false if the trouble is not open, so that the caller opens it.</summary>
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
