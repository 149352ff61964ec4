using Gateway.Limits.Model;

namespace Gateway.Cluster.Clocks;

/// <summary>
/// Evaluates whether a silo's clock is wrong. The store alone is not conclusive: if the store's clock is wrong, all
/// silos differ from it equally, and none may leave because of that.
/// </summary>
internal static class ClockEvaluator
{
    /// <summary>
    /// Returns true if the clock is off by more than a second compared with the store and with most of its peers.
    /// </summary>
    /// <param name="provenAheadMs">Minimum by which it is ahead of the store's clock; 0 if nothing is proven.</param>
    /// <param name="aheadMs">Probable amount by which it is ahead.</param>
    /// <param name="peersAheadMs">Probable amount by which each other silo is ahead.</param>
    public static bool IsWrong(long provenAheadMs, long aheadMs, IReadOnlyCollection<long> peersAheadMs)
    {
        if (provenAheadMs == 0) return false;
        var far = peersAheadMs.Count(peer => Math.Abs(peer - aheadMs) > ClockBounds.EpsilonMaxMs);
        return 2 * far > peersAheadMs.Count;
    }
}
