namespace Gateway.Benchmarks;

/// <summary>The results of one caller, written by that caller alone.</summary>
internal sealed class TurningCaller
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(10);

    private long _calls;
    private long _refused;
    private long _late;
    private long _longestTicks;

    public long Calls => Volatile.Read(ref _calls);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>The number of calls that took longer than 10 ms.</summary>
    public long LateCalls => Volatile.Read(ref _late);

    public void Count(bool isAdmitted, TimeSpan took)
    {
        Volatile.Write(ref _calls, _calls + 1);
        if (!isAdmitted) Volatile.Write(ref _refused, _refused + 1);
        if (took > Late) Volatile.Write(ref _late, _late + 1);
        if (took.Ticks > Volatile.Read(ref _longestTicks)) Volatile.Write(ref _longestTicks, took.Ticks);
    }

    /// <summary>Returns the longest call since the previous reading.</summary>
    public TimeSpan TakeLongest() => TimeSpan.FromTicks(Interlocked.Exchange(ref _longestTicks, 0));
}
