using Gateway.Orleans.Wire;
using Orleans.Runtime.Placement;

namespace Gateway.Orleans.Batching;

/// <summary>
/// Finds the silo of a batch grain. If that silo is gone, the caller receives an exception and calls the counters
/// directly.
/// </summary>
internal sealed class BatchPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var name = target.GrainIdentity.Key.ToString();
        foreach (var silo in context.GetCompatibleSilos(target))
            if (BatchGrainName.Of(silo) == name) return Task.FromResult(silo);
        throw new OrleansException($"The silo {name} is not in the cluster.");
    }
}
