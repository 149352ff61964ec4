using Gateway.Limits.Tests.Simulation.Planted;

namespace Gateway.Limits.Tests.Simulation.Sliding.Planted;

/// <summary>Sliding worlds with one rule taken out. The simulator must find each.</summary>
internal static class SlidingPlantedFaults
{
    private static readonly WorldOptions Shared =
        new() { IsSliding = true, IsComplete = false, HasPolicyChanges = false };

    private static readonly WorldOptions Sole = Shared with { HasSoleOwner = true };

    private static readonly WorldOptions Calm = Sole with { Owners = 1, HasFaults = false };

    public static IReadOnlyDictionary<string, WorldOptions> All { get; } = new Dictionary<string, WorldOptions>
    {
        ["numbers forgotten without a tolerance for clocks"] = Shared with
        {
            MakeSliding = static (key, rules) => new ForgetfulSliding(key, rules),
        },
        ["numbers counted from their reservation"] = Shared with
        {
            MakeSliding = static (key, rules) => new UndatedSliding(key, rules),
        },
        ["no deadline check"] = Shared with { FrontendChecksDeadline = false },
        ["a time-out taken for success"] = Shared with
        {
            MakeSliding = static (key, rules) => new HopefulSliding(key, rules),
        },
        ["a hand-back of unknown outcome made again"] = Shared with
        {
            MakeSliding = static (key, rules) => new RetryingSliding(key, rules),
        },
        ["reply before the write"] = Shared with
        {
            MakeSliding = static (key, rules) => new HastySliding(key, rules),
        },
        ["a late reply credited twice"] = Shared with
        {
            MakeSliding = static (key, rules) => new TwiceSliding(key, rules),
        },
        ["a release delivered twice"] = Shared with
        {
            MakeSliding = static (key, rules) => new RepeatingSliding(key, rules),
        },
        ["a release accepted by another owner"] = Shared with
        {
            ReleasesAreTrusted = true,
            MakeSliding = static (key, rules) => new TrustingSliding(key, rules),
        },
        ["what was reserved for some given to all"] = Shared with
        {
            MakeSliding = static (key, rules) => new GenerousSliding(key, rules),
        },
        ["blind put"] = Shared with { StoreCompares = false },
        ["memory only with two owners"] = Shared with { StoreIsPrivate = true },
        ["deletion before all has slid out"] = Shared with { SweeperWaits = false },
        ["a late answer used after its id was closed"] = Sole with { FrontendDropsLateAnswers = false },
        ["two limits of one call on one key not summed"] = Sole with
        {
            MakePlan = static (options, refusals) => new UnsummedPlan(options, refusals),
        },
        ["a refusal that is not final remembered as final"] = Calm with { FrontendCachesFinalRefusalsOnly = false },
        ["a refusal remembered past its window"] = Calm with
        {
            MakeRefusals = static marginMs => new LastingRefusals(marginMs),
        },
        ["a refusal by an old look at a shared record"] = Shared with
        {
            HasFaults = false,
            MakeSliding = static (key, rules) => new RememberingSliding(key, rules),
        },
        ["a resend on one permit"] = Sole with { FrontendSpendsOnce = false },
    };
}
