using Gateway.Limits.Model;

namespace Gateway.Cluster.Clocks;

/// <summary>
/// Whether a silo's clock is wrong. The store alone does not say so: where it is the store's that is off, all silos
/// differ from it alike, and none may leave for that.
/// </summary>
internal static class ClockJudge
{
    /// <summary>True if it is off by more than a second against the store and against most of its peers.</summary>
    /// <param name="provenAheadMs">By how much it is ahead of the store's at least; 0 if nothing is proven.</param>
    /// <param name="aheadMs">By how much it probably is.</param>
    /// <param name="peersAheadMs">By how much each other silo's is.</param>
    public static bool IsWrong(long provenAheadMs, long aheadMs, IReadOnlyCollection<long> peersAheadMs)
    {
        if (provenAheadMs == 0) return false;
        var far = peersAheadMs.Count(peer => Math.Abs(peer - aheadMs) > ClockBounds.EpsilonMaxMs);
        return 2 * far > peersAheadMs.Count;
    }
}
