using Gateway.Limits.Tests.Simulation.Oracles;
using Gateway.Limits.Tests.Simulation.Planted;

namespace Gateway.Limits.Tests.Simulation;

/// <summary>A kind of limits that simulator and checker try.</summary>
/// <param name="Name">Its name, as it begins the names of its worlds.</param>
/// <param name="Keys">Its counters in a simulated world.</param>
/// <param name="NewOracle">Holds it to its contract.</param>
/// <param name="NewMutant">One of its counters with a rule taken out.</param>
internal sealed record SimulatedKind(
    string Name,
    CounterKey[] Keys,
    Func<WorldOptions, Oracle> NewOracle,
    Func<CounterKey, CounterRules, int, Mutation, ICounter> NewMutant)
{
    /// <summary>How an owner of this number makes its counters.</summary>
    public Func<CounterKey, CounterRules, int, ICounter> NewCounter { get; init; } =
        static (key, rules, _) => WindowKind.NewCounter(key, rules);

    /// <summary>
    /// Its counters are those of another kind but for rules of their own: the others are taken out of that one alone.
    /// </summary>
    public bool IsDerived { get; init; }

    /// <summary>
    /// Whether a window is used in full only where clocks do not run back, as those of processes do not. It never has
    /// more than the maximum whatever they do.
    /// </summary>
    public bool HasSteadyClocks { get; init; }

    /// <summary>Whether a refusal may hold until some moment.</summary>
    public bool HasFinalRefusals { get; init; } = true;

    /// <summary>Whether its maximum can be raised until a time, which no bucket's and no place's can.</summary>
    public bool HasTopUps { get; init; } = true;

    public static IReadOnlyList<SimulatedKind> All { get; } =
    [
        new("fixed", [Asked.Key("a", "2s"), Asked.Key("b", "2s"), Asked.Key("c", "5s")],
            static world =>
                new NumberOracle(world is { IsStrict: true, HasWildClocks: false, HasPolicyChanges: false })
                {
                    HasOneOwner = world.Owners == 1,
                },
            static (key, rules, _, mutation) => new FixedMutant(key, rules, mutation)),
        new("sliding", [Asked.SlidingKey("a", "1s"), Asked.SlidingKey("b", "2s")],
            static world => new SlidingOracle(!world.HasWildClocks) { HasOneOwner = world.Owners == 1 },
            static (key, rules, _, mutation) => new SlidingMutant(key, rules, mutation)),
        new("bucket", [Asked.BucketKey("a", "2s"), Asked.BucketKey("b", "10s")],
            static world => new BucketOracle(!world.HasWildClocks, !world.HasPolicyChanges),
            static (key, rules, _, mutation) => new BucketMutant(key, rules, mutation))
        {
            HasTopUps = false,
        },
        new("calendar", [Asked.CalendarKey(SimulatedZone.Named("a")), Asked.CalendarKey(SimulatedZone.Named("b"))],
            static world => new CalendarOracle(!world.HasWildClocks) { HasOneOwner = world.Owners == 1 },
            static (key, rules, owner, mutation) => new SimulatedCalendar(key, rules, owner, mutation))
        {
            NewCounter = static (key, rules, owner) => new SimulatedCalendar(key, rules, owner, Mutation.None),
            IsDerived = true,
            HasSteadyClocks = true,
        },
        new("in_flight", [Asked.InFlightKey("a", "6s"), Asked.InFlightKey("b", "8s")],
            static world => new InFlightOracle(!world.HasWildClocks),
            static (key, rules, _, mutation) => new InFlightMutant(key, rules, mutation))
        {
            IsDerived = true,
            HasFinalRefusals = false,
            HasTopUps = false,
        },
    ];

    public static SimulatedKind Find(string name) => All.First(kind => kind.Name == name);
}
