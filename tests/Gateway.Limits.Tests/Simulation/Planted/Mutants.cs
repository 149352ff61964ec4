namespace Gateway.Limits.Tests.Simulation.Planted;

/// <summary>
/// Worlds with one rule taken out. The simulator must find each, or it is no evidence for the sound ones.
/// </summary>
internal static class Mutants
{
    private static readonly WorldOptions Sole = new() { HasSoleOwner = true, IsComplete = false };
    private static readonly WorldOptions Shared = new() { IsComplete = false };
    private static readonly WorldOptions Calm = Sole with { Owners = 1, HasFaults = false };

    public static IReadOnlyDictionary<string, WorldOptions> All { get; } = new Dictionary<string, WorldOptions>
    {
        ["lazy persistence"] = Sole with
        {
            Owners = 1,
            MakeCounter = static (key, rules) => new LazyCounter(key, rules),
        },
        ["persistence without compare-and-swap"] = Shared with { StoreCompares = false },
        ["reply before the write"] = Shared with { MakeCounter = static (key, rules) => new HastyCounter(key, rules) },
        ["blind put"] = Sole with { StoreCompares = false },
        ["a window that may go back"] = Shared with
        {
            HasWildClocks = true,
            IsStrict = false,
            MakeCounter = static (key, rules) => new TurningCounter(key, rules),
        },
        ["a time-out taken for success"] = Shared with
        {
            MakeCounter = static (key, rules) => new HopefulCounter(key, rules),
        },
        ["a late reply credited twice"] = Sole with
        {
            Owners = 1,
            MakeCounter = static (key, rules) => new TwiceCounter(key, rules),
        },
        ["a hand-over that keeps the numbers"] = Sole with
        {
            MakeCounter = static (key, rules) => new KeepingCounter(key, rules),
        },
        ["deletion without horizon or floor"] = Shared with { SweeperWaits = false, StoreHasFloor = false },
        ["no deadline check"] = Sole with { FrontendChecksDeadline = false, HasPolicyChanges = false },
        ["memory only with two owners"] = Shared with { StoreIsPrivate = true },
        ["hand-over by last writer with read-ahead"] = Sole with
        {
            MakeCounter = static (key, rules) => new LastWriterCounter(key, rules),
        },
        ["a release delivered twice"] = Sole with
        {
            MakeCounter = static (key, rules) => new RepeatingCounter(key, rules),
        },
        ["a release accepted by another owner"] = Sole with
        {
            ReleasesAreTrusted = true,
            MakeCounter = static (key, rules) => new TrustingCounter(key, rules),
        },
        ["a late answer used after its id was closed"] = Sole with { FrontendDropsLateAnswers = false },
        ["two limits of one call on one key not summed"] = Sole with
        {
            MakePlan = static (options, refusals) => new UnsummedPlan(options, refusals),
        },
        ["a release that is lost"] = Calm with
        {
            IsComplete = true,
            MakePlan = static (options, refusals) => new LosingPlan(options, refusals),
        },
        ["a second counter charged twice"] = Calm with
        {
            IsComplete = true,
            MakePlan = static (options, refusals) => new RepeatingPlan(options, refusals),
        },
        ["ok that replaces the numbers in hand"] = Calm with
        {
            MakeCounter = static (key, rules) => new ReplacingCounter(key, rules),
        },
        ["a refusal that is not final remembered as final"] = Calm with { FrontendCachesFinalRefusalsOnly = false },
        ["a refusal remembered past its window"] = Calm with
        {
            MakeRefusals = static marginMs => new LastingRefusals(marginMs),
        },
        ["a refusal by an old look at a shared record"] = Shared with
        {
            HasFaults = false,
            MakeCounter = static (key, rules) => new RememberingCounter(key, rules),
        },
        ["a resend on one permit"] = Sole with { FrontendSpendsOnce = false },
    };
}
