using Gateway.Cluster.Settings;
using Gateway.Limits.Model;

namespace Gateway.Cluster.Hosting;

/// <summary>How many counters fit into a process's memory; <c>docs/how-to/capacity.md</c> sizes pods by it.</summary>
internal static class CounterSizes
{
    /// <summary>What a counter takes of its silo, what Orleans knows of it included, generously.</summary>
    private const int OwnedBytes = 6000;

    /// <summary>What a counter takes of a frontend that asks it, its key included, generously.</summary>
    private const int AskedBytes = 1500;

    /// <summary>The bounds of a silo.</summary>
    public static CounterBounds Owned(ClusterSettings settings) =>
        Bounds(settings, OwnedBytes, settings.HasFrontend ? 0.35 : 0.5);

    /// <summary>The bounds of a frontend.</summary>
    public static CounterBounds Asked(ClusterSettings settings) =>
        Bounds(settings, AskedBytes, settings.HasSilo ? 0.15 : 0.2);

    private static CounterBounds Bounds(ClusterSettings settings, int counterBytes, double share) =>
        settings.CountersMax is { } most
            ? new CounterBounds { CountersMax = most }
            : CounterBounds.OfMemory(counterBytes, share);
}
