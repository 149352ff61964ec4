namespace Gateway.Limits.Counting;

/// <summary>Errands to be used again, for all counters of one engine; from any thread.</summary>
/// <remarks>
/// Because a counter is old and lies anywhere: a young object that hangs from it makes the collector look at the memory
/// around it, which was a third of what a write cost where a million counters took turns.
/// </remarks>
public sealed class ActiveStatePool
{
    /// <summary>About as many counters as are asking at once; more are left to the collector.</summary>
    private const int KeptMax = 4096;

    private readonly Lock _lock = new();
    private readonly Stack<ActiveState> _kept = new();

    /// <summary>Errands in which there is nothing.</summary>
    public ActiveState Rent()
    {
        lock (_lock) return _kept.TryPop(out var activeState) ? activeState : new ActiveState();
    }

    /// <summary>Takes those that <see cref="ActiveState.AreDone"/>, to which nobody else leads any more.</summary>
    public void Return(ActiveState activeState)
    {
        activeState.Forget();
        lock (_lock)
        {
            if (_kept.Count < KeptMax) _kept.Push(activeState);
        }
    }
}
