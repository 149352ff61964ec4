namespace Gateway.Audit.Writing;

/// <summary>
/// Counts refusals of one kind in one span: the first few are recorded individually, the rest as a number.
/// </summary>
internal sealed class FoldCount
{
    private readonly Lock _gate = new();
    private int _each;
    private long _folded;
    private long _firstMs;
    private long _lastMs;
    private bool _isEnded;

    /// <summary>Returns true if this refusal is only counted.</summary>
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
    /// Ends a span and begins the next one; returns how many refusals were only counted, and when. After a span without
    /// any it stops counting, so that a refusal that still references it is recorded individually.
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

    /// <summary>Adds a count that could not be recorded to the next span.</summary>
    public void GiveBack(long folded, long firstMs)
    {
        lock (_gate)
            (_folded, _firstMs) = (_folded + folded, firstMs);
    }
}
