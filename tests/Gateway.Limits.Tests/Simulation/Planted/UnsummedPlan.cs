namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>Takes each cost of a key for one of its own, so that none is added to another.</summary>
internal sealed class UnsummedPlan(AcquiringOptions options, RefusalCache? refusals) : SteppedPlan(options, refusals)
{
    public override CounterCost Cost => base.Cost with { Key = Of(base.Cost.Key, 0) };

    public override void Start(in LimitRequest request)
    {
        ImmutableArray<LimitCost> apart =
            [.. request.Costs.Select(static (cost, i) => cost with { Key = Of(cost.Key, i) })];
        base.Start(request with { Costs = apart });
    }

    private static CounterKey Of(CounterKey key, int generation) =>
        new(key.Scope, key.ScopeId, key.Counter, key.Kind, key.Window, generation);
}
