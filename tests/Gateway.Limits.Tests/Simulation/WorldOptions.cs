namespace Gateway.Limits.Tests.Simulation;

/// <summary>What a simulated world is like, and which rule of the protocol is taken out of it, if any.</summary>
internal sealed record WorldOptions
{
    public int Steps { get; init; } = 250;

    /// <summary>Each owner believes to be the only one: blocks, read-ahead; else they share the store.</summary>
    public bool HasSoleOwner { get; init; }

    /// <summary>
    /// Owners at a time; more than one with <see cref="HasSoleOwner"/> are duplicates that nothing fences.
    /// </summary>
    public int Owners { get; init; } = 2;

    /// <summary>Crashes, pauses, a store and a network that delay, drop and duplicate.</summary>
    public bool HasFaults { get; init; } = true;

    /// <summary>Clocks may step beyond what is assumed of them; only the promise by label is checked then.</summary>
    public bool HasWildClocks { get; init; }

    /// <summary>True if no rule is taken out, so that the world must also heal.</summary>
    public bool IsComplete { get; init; } = true;

    public bool HasReleases { get; init; } = true;

    public bool HasPolicyChanges { get; init; } = true;

    public bool IsStrict { get; init; } = true;

    /// <summary>The kind of its limits.</summary>
    public SimulatedKind Kind { get; init; } = SimulatedKind.All[0];

    /// <summary>How an owner of some number makes its counters; planted faults put a broken one here.</summary>
    public Func<CounterKey, CounterRules, int, ICounter> MakeCounter { get; init; } = SimulatedKind.All[0].NewCounter;

    public bool FrontendChecksDeadline { get; init; } = true;

    /// <summary>How a frontend plans what a call acquires; planted faults put a broken one here.</summary>
    public Func<AcquiringOptions, RefusalCache?, SteppedPlan> MakePlan { get; init; } =
        static (options, refusals) => new SteppedPlan(options, refusals);

    public bool FrontendDropsLateAnswers { get; init; } = true;

    /// <summary>What a frontend remembers refusals in, given the dead band at a window's edge.</summary>
    public Func<int, RefusalCache> MakeRefusals { get; init; } = static marginMs => new RefusalCache(64, marginMs);

    public bool FrontendCachesFinalRefusalsOnly { get; init; } = true;

    /// <summary>Releases go to whichever owner, and each takes them.</summary>
    public bool ReleasesAreTrusted { get; init; }

    /// <summary>A release is taken as often as it comes.</summary>
    public bool ReleasesRepeat { get; init; }

    public bool FrontendSpendsOnce { get; init; } = true;

    public bool StoreCompares { get; init; } = true;

    /// <summary>With a conflict the store says which record it met.</summary>
    public bool StoreShowsConflicts { get; init; }

    /// <summary>An owner takes a write of which it hears nothing for done.</summary>
    public bool TimeOutsAreSuccess { get; init; }

    public bool StoreHasFloor { get; init; } = true;

    public bool SweeperWaits { get; init; } = true;

    /// <summary>Every owner has a store of its own: memory.</summary>
    public bool StoreIsPrivate { get; init; }
}
