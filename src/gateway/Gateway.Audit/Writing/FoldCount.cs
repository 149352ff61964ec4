namespace Gateway.Audit.Writing;

/// <summary>Refusals of one kind in one span: so many are recorded each by itself, the rest is a number.</summary>
internal sealed class FoldCount
{
    private readonly Lock _gate = new();
    private int _each;
    private long _folded;
    private long _firstMs;
    private long _lastMs;
    private bool _isEnded;

    /// <summary>True where this one is only counted.</summary>
    public bool Adds(long nowMs)
    {
        lock (_gate)
        {
            if (_isEnded || _each < RefusalFold.EachMax)
            {
                _each++;
                return false;
            }

            if (_folded++ == 0)
                _firstMs = nowMs;
            _lastMs = nowMs;
            return true;
        }
    }

    /// <summary>
    /// Ends a span and begins the next; gives how many were only counted, and when. After a span without any it counts
    /// no more, so that a refusal that still holds it is recorded by itself.
    /// </summary>
    public (long Folded, long FirstMs, long LastMs) Begin()
    {
        lock (_gate)
        {
            var ended = (_folded, _firstMs, _lastMs);
            (_each, _folded, _isEnded) = (0, 0, _folded == 0);
            return ended;
        }
    }

    /// <summary>What could not be recorded is told with the next span.</summary>
    public void GiveBack(long folded, long firstMs)
    {
        lock (_gate)
            (_folded, _firstMs) = (_folded + folded, firstMs);
    }
}
