using Gateway.Cluster.Settings;
using Gateway.Limits.Model;

namespace Gateway.Cluster.Hosting;

/// <summary>
/// Numbers of counters that fit a process's memory; <c>docs/how-to/capacity.md</c> sizes pods accordingly.
/// </summary>
internal static class CounterSizes
{
    /// <summary>
    /// Generous estimate of a counter's memory in its silo, including the state that Orleans keeps for it.
    /// </summary>
    private const int OwnedBytes = 6000;

    /// <summary>Generous estimate of a counter's memory in a frontend that uses it, including its key.</summary>
    private const int AskedBytes = 1500;

    /// <summary>Returns the bounds of a silo.</summary>
    public static CounterBounds Owned(ClusterSettings settings) =>
        Bounds(settings, OwnedBytes, settings.HasFrontend ? 0.35 : 0.5);

    /// <summary>Returns the bounds of a frontend.</summary>
    public static CounterBounds Asked(ClusterSettings settings) =>
        Bounds(settings, AskedBytes, settings.HasSilo ? 0.15 : 0.2);

    private static CounterBounds Bounds(ClusterSettings settings, int counterBytes, double share) =>
        settings.CountersMax is { } most
            ? new CounterBounds { CountersMax = most }
            : CounterBounds.OfMemory(counterBytes, share);
}
