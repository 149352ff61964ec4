using Gateway.Orleans.Wire;
using Orleans.Runtime.Placement;

namespace Gateway.Orleans.Batching;

/// <summary>
/// Finds the silo of a desk. Where that is gone whoever asks is told so, and asks the counters themselves.
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
