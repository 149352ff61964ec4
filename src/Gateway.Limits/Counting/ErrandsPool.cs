namespace Gateway.Limits.Counting;

/// <summary>Errands to be used again, for all counters of one engine; from any thread.</summary>
/// <remarks>
/// Because a counter is old and lies anywhere: a young object that hangs from it makes the collector look at the memory
/// around it, which was a third of what a write cost where a million counters took turns.
/// </remarks>
internal sealed class ErrandsPool
{
    /// <summary>About as many counters as are asking at once; more are left to the collector.</summary>
    private const int KeptMax = 4096;

    private readonly Lock _lock = new();
    private readonly Stack<Errands> _kept = new();

    /// <summary>Errands in which there is nothing.</summary>
    public Errands Rent()
    {
        lock (_lock) return _kept.TryPop(out var errands) ? errands : new Errands();
    }

    /// <summary>Takes those that <see cref="Errands.AreDone"/>, to which nobody else leads any more.</summary>
    public void Return(Errands errands)
    {
        errands.Forget();
        lock (_lock)
        {
            if (_kept.Count < KeptMax) _kept.Push(errands);
        }
    }
}
