using Gateway.Limits.Tests.Simulation.Judging;
using Gateway.Limits.Tests.Simulation.Planted;

namespace Gateway.Limits.Tests.Simulation;

/// <summary>A kind of limits that simulator and checker try.</summary>
/// <param name="Name">Its name, as it begins the names of its worlds.</param>
/// <param name="Keys">Its counters in a simulated world.</param>
/// <param name="NewJudge">Holds it to its contract.</param>
/// <param name="NewMutant">One of its counters with a rule taken out.</param>
internal sealed record SimulatedKind(
    string Name,
    CounterKey[] Keys,
    Func<WorldOptions, Judge> NewJudge,
    Func<CounterKey, CounterRules, Mutation, ICounter> NewMutant)
{
    public static IReadOnlyList<SimulatedKind> All { get; } =
    [
        new("fixed", [Asked.Key("a", "2s"), Asked.Key("b", "2s"), Asked.Key("c", "5s")],
            static world => new NumberJudge(world is { IsStrict: true, HasWildClocks: false, HasPolicyChanges: false }),
            static (key, rules, mutation) => new FixedMutant(key, rules, mutation)),
        new("sliding", [Asked.SlidingKey("a", "1s"), Asked.SlidingKey("b", "2s")],
            static world => new SlidingJudge(!world.HasWildClocks),
            static (key, rules, mutation) => new SlidingMutant(key, rules, mutation)),
        new("bucket", [Asked.BucketKey("a", "2s"), Asked.BucketKey("b", "10s")],
            static world => new BucketJudge(!world.HasWildClocks, !world.HasPolicyChanges),
            static (key, rules, mutation) => new BucketMutant(key, rules, mutation)),
    ];

    public static SimulatedKind Find(string name) => All.First(kind => kind.Name == name);
}
