namespace Gateway.Limits.Owning;

/// <summary>Counts what a table asked of its store, from any thread.</summary>
internal sealed class StoreTally
{
    private long _reads;
    private long _writes;
    private long _conflicts;
    private long _unknown;

    public void CountRead() => Interlocked.Increment(ref _reads);

    public void Count(WriteOutcome outcome)
    {
        if (outcome == WriteOutcome.Ok) Interlocked.Increment(ref _writes);
        else if (outcome == WriteOutcome.Conflict) Interlocked.Increment(ref _conflicts);
        else if (outcome == WriteOutcome.Unknown) Interlocked.Increment(ref _unknown);
    }

    public LimiterFigures Read(int countersInMemory) => new(
        countersInMemory,
        Volatile.Read(ref _reads),
        Volatile.Read(ref _writes),
        Volatile.Read(ref _conflicts),
        Volatile.Read(ref _unknown));
}
