using Gateway.Limits.Model;

namespace Gateway.Orleans.Client;

/// <summary>
/// Compares this process's clock with the clocks of owners. An owner reads its clock between request and reply, so a
/// difference is proven only if that time lies outside this span by more than the tolerance for good clocks.
/// </summary>
/// <remarks>
/// One owner whose clock is wrong proves nothing about this process, because the other owners' replies agree with it.
/// </remarks>
internal sealed class ClockSkewMonitor(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private long _agreedAt = time.GetTimestamp();
    private long _skewMs;

    /// <summary>
    /// Description of the fault; null unless there was at least one reply in the last five seconds and every reply
    /// proved that the clocks differ.
    /// </summary>
    public string? Fault =>
        Volatile.Read(ref _skewMs) is not 0 and var skew
        && time.GetElapsedTime(Volatile.Read(ref _agreedAt)) >= Patience
            ? $"the clock of this node is {Math.Abs(skew) / 1000.0:0.0} s {(skew > 0 ? "behind" : "ahead of")} "
                + "the clocks of the silos; synchronize it with NTP"
            : null;

    /// <summary>Records a reply of an owner.</summary>
    /// <param name="sentMs">This process's clock before the request was sent, Unix milliseconds UTC.</param>
    /// <param name="receivedMs">This process's clock when the reply arrived, Unix milliseconds UTC.</param>
    /// <param name="ownerMs">The owner's clock when it replied, Unix milliseconds UTC.</param>
    public void Record(long sentMs, long receivedMs, long ownerMs)
    {
        var skew = ownerMs < sentMs - ClockBounds.EpsilonMaxMs ? ownerMs - sentMs
            : ownerMs > receivedMs + ClockBounds.EpsilonMaxMs ? ownerMs - receivedMs
            : 0;
        if (skew == 0) Volatile.Write(ref _agreedAt, time.GetTimestamp());
        Volatile.Write(ref _skewMs, skew);
    }
}
