namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>
/// Worlds with one rule taken out. The simulator must find each, or it is no evidence for the sound ones.
/// </summary>
internal static class Mutants
{
    private static readonly WorldOptions Shared = new() { IsComplete = false, HasPolicyChanges = false };
    private static readonly WorldOptions Sole = Shared with { HasSoleOwner = true };
    private static readonly WorldOptions Calm = Sole with { Owners = 1, HasFaults = false };
    private static readonly WorldOptions CalmShared = Shared with { HasFaults = false };

    /// <summary>Rules of the frontend and the store, and of counters of every kind.</summary>
    private static readonly Dictionary<string, (WorldOptions World, Mutation Mutation)> OfAll = new()
    {
        ["reply before the write"] = (Shared, Mutation.RepliesFirst),
        ["a time-out taken for success"] = (Shared with { TimeOutsAreSuccess = true }, Mutation.None),
        ["a late reply credited twice"] = (Shared, Mutation.CreditsTwice),
        ["a release delivered twice"] = (Shared with { ReleasesRepeat = true }, Mutation.None),
        ["a release accepted by another owner"] = (Shared with { ReleasesAreTrusted = true }, Mutation.None),
        ["a refusal by an old look at a shared record"] = (CalmShared, Mutation.RemembersRecord),
        ["persistence without compare-and-swap"] = (Shared with { StoreCompares = false }, Mutation.None),
        ["blind put"] = (Sole with { StoreCompares = false }, Mutation.None),
        ["memory only with two owners"] = (Shared with { StoreIsPrivate = true }, Mutation.None),
        ["deletion without horizon or floor"] =
            (Shared with { SweeperWaits = false, StoreHasFloor = false }, Mutation.None),
        ["no deadline check"] = (Sole with { FrontendChecksDeadline = false }, Mutation.None),
        ["a late answer used after its id was closed"] =
            (Sole with { FrontendDropsLateAnswers = false }, Mutation.None),
        ["two limits of one call on one key not summed"] = (Sole with
        {
            MakePlan = static (options, refusals) => new UnsummedPlan(options, refusals),
        }, Mutation.None),
        ["a release that is lost"] = (Calm with
        {
            IsComplete = true,
            MakePlan = static (options, refusals) => new LosingPlan(options, refusals),
        }, Mutation.None),
        ["a second counter charged twice"] = (Calm with
        {
            IsComplete = true,
            MakePlan = static (options, refusals) => new RepeatingPlan(options, refusals),
        }, Mutation.None),
        ["a resend on one permit"] = (Sole with { FrontendSpendsOnce = false }, Mutation.None),
    };

    /// <summary>Rules of refusals that hold until some moment.</summary>
    private static readonly Dictionary<string, (WorldOptions World, Mutation Mutation)> OfRefusals = new()
    {
        ["a refusal that is not final remembered as final"] =
            (Calm with { FrontendCachesFinalRefusalsOnly = false }, Mutation.None),
        ["a refusal remembered past its window"] =
            (Calm with { MakeRefusals = static marginMs => new LastingRefusals(marginMs) }, Mutation.None),
    };

    /// <summary>Rules of counters that only count.</summary>
    private static readonly Dictionary<string, (WorldOptions World, Mutation Mutation)> OfMomentary = new()
    {
        ["a hand-back of unknown outcome made again"] = (Shared, Mutation.RetriesReturns),
        ["what was reserved for some given to all"] = (Shared, Mutation.GivesToAll),
        ["deletion before all has slid out"] = (Shared with { SweeperWaits = false }, Mutation.None),
    };

    /// <summary>Rules of one kind's counters alone.</summary>
    private static readonly Dictionary<string, (WorldOptions World, Mutation Mutation)> OfOne = new()
    {
        ["fixed, lazy persistence"] = (Sole with { Owners = 1 }, Mutation.WritesLazily),
        ["fixed, a window that may go back"] =
            (Shared with { HasWildClocks = true, IsStrict = false }, Mutation.GoesBack),
        ["fixed, a hand-over that keeps the numbers"] = (Sole, Mutation.KeepsReturned),
        ["fixed, hand-over by last writer with read-ahead"] = (Sole, Mutation.ReturnsLastWrite),
        ["fixed, a count from under a higher maximum forgotten"] =
            (Calm with { HasPolicyChanges = true }, Mutation.ForgetsHigherMaximum),
        ["fixed, ok that replaces the numbers in hand"] = (Calm, Mutation.ReplacesHand),
        ["sliding, numbers forgotten without a tolerance for clocks"] = (Shared, Mutation.ForgetsEarly),
        ["sliding, numbers counted from their reservation"] = (Shared, Mutation.CountsFromStart),
        ["bucket, a refill counted twice"] = (Shared, Mutation.RefillsTwice),
        ["bucket, what was refilled meanwhile given back again"] = (Shared, Mutation.RecoversRefilled),
        ["bucket, a refill from a clock that ran back"] = (Shared, Mutation.GoesBack),
        ["calendar, a date that begins before the one before it has ended"] = (Shared, Mutation.BeginsEarly),
        ["calendar, a date counted by each owner's own data"] = (Sole, Mutation.BeginsEarly),
        ["in_flight, a place forgotten without a tolerance for clocks"] = (Shared, Mutation.ForgetsEarly),
        ["in_flight, a place that expires before its call must end"] = (Shared, Mutation.CountsFromStart),
        ["bucket, a burst above the maximum after a restart"] = (Sole with { Owners = 1 }, Mutation.StartsFull),
    };

    public static IReadOnlyDictionary<string, WorldOptions> All { get; } = (
        from kind in SimulatedKind.All
        from one in OfAll.Concat(kind.HasFinalRefusals ? OfRefusals : [])
            .Concat(kind.Keys[0].Kind.IsNumbered ? [] : OfMomentary)
            .Where(one => !kind.IsDerived || one.Value.Mutation == Mutation.None)
            .Select(one => (Name: $"{kind.Name}, {one.Key}", one.Value))
            .Concat(OfOne.Select(static one => (Name: one.Key, one.Value))
                .Where(one => one.Name.StartsWith(kind.Name, StringComparison.Ordinal)))
        let mutation = one.Value.Mutation
        select (one.Name, World: one.Value.World with
        {
            Kind = kind,
            MakeCounter = (key, rules, owner) => kind.NewMutant(key, rules, owner, mutation),
        })).ToDictionary();
}
