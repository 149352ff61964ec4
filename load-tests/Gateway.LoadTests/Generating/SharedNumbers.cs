namespace Gateway.LoadTests.Generating;

/// <summary>The numbers of a closed loop's calls across its workers, from 0.</summary>
internal sealed class SharedNumbers
{
    private long _next = -1;

    public long Next() => Interlocked.Increment(ref _next);
}
