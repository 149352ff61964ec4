using Gateway.Limits.Model;

namespace Gateway.Orleans.Client;

/// <summary>
/// What the answers of owners say about this process's clock. An owner's clock is read between question and answer, so
/// it proves a difference only where it lies outside of that span by more than any good clock is off.
/// </summary>
/// <remarks>One owner whose clock is off proves nothing about this process: the others' answers speak for it.</remarks>
internal sealed class ClockSkewMonitor(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private long _agreedAt = time.GetTimestamp();
    private long _skewMs;

    /// <summary>
    /// Null unless every answer of the last five seconds proved that the clocks differ, and there was one.
    /// </summary>
    public string? Fault =>
        Volatile.Read(ref _skewMs) is not 0 and var skew
        && time.GetElapsedTime(Volatile.Read(ref _agreedAt)) >= Patience
            ? $"the clock of this node is {Math.Abs(skew) / 1000.0:0.0} s {(skew > 0 ? "behind" : "ahead of")} "
                + "the clocks of the silos; set it right by NTP"
            : null;

    /// <summary>An owner answered.</summary>
    /// <param name="sentMs">This process's clock before the question left, Unix milliseconds UTC.</param>
    /// <param name="receivedMs">This process's clock when the answer was there, Unix milliseconds UTC.</param>
    /// <param name="ownerMs">The owner's clock as it answered, Unix milliseconds UTC.</param>
    public void Record(long sentMs, long receivedMs, long ownerMs)
    {
        var skew = ownerMs < sentMs - ClockBounds.EpsilonMaxMs ? ownerMs - sentMs
            : ownerMs > receivedMs + ClockBounds.EpsilonMaxMs ? ownerMs - receivedMs
            : 0;
        if (skew == 0) Volatile.Write(ref _agreedAt, time.GetTimestamp());
        Volatile.Write(ref _skewMs, skew);
    }
}
