namespace Gateway.Limits.Tests.Simulation;

/// <summary>Worlds in which every rule holds.</summary>
internal static class WorldCatalogue
{
    public static IReadOnlyDictionary<string, WorldOptions> Sound { get; } = new Dictionary<string, WorldOptions>
    {
        ["one owner without faults"] = new() { HasSoleOwner = true, Owners = 1, HasFaults = false },
        ["one owner without faults or releases"] =
            new() { HasSoleOwner = true, Owners = 1, HasFaults = false, HasReleases = false, HasPolicyChanges = false },
        // No permit expires here, so that none is released: what was ever given out is what others were refused for.
        ["owners that share a store without faults"] = new()
        {
            HasFaults = false,
            HasReleases = false,
            HasPolicyChanges = false,
            IsStrict = false,
            FrontendChecksDeadline = false,
        },
        ["one owner without faults on a shared store"] = new() { Owners = 1, HasFaults = false },
        ["owners that share a store without faults and give numbers back"] = new() { Owners = 3, HasFaults = false },
        ["one owner that crashes"] = new() { HasSoleOwner = true, Owners = 1 },
        ["duplicates of a sole owner"] = new() { HasSoleOwner = true, Owners = 3, HasPolicyChanges = false },
        ["duplicates of a sole owner on a store that shows conflicts"] =
            new() { HasSoleOwner = true, Owners = 3, HasPolicyChanges = false, StoreShowsConflicts = true },
        ["owners that share a store"] = new() { Owners = 3, HasPolicyChanges = false },
        ["owners that share a store that shows conflicts"] =
            new() { Owners = 3, HasPolicyChanges = false, StoreShowsConflicts = true },
        ["owners that share a store under changing policies"] = new() { Owners = 2 },
        ["relaxed windows"] = new() { HasSoleOwner = true, Owners = 2, IsStrict = false },
        ["wild clocks"] = new() { HasSoleOwner = true, Owners = 2, HasWildClocks = true },
        ["sliding, one owner without faults"] =
            new() { IsSliding = true, HasSoleOwner = true, Owners = 1, HasFaults = false },
        ["sliding, one owner without faults on a shared store"] =
            new() { IsSliding = true, Owners = 1, HasFaults = false },
        ["sliding, owners that share a store without faults"] =
            new() { IsSliding = true, Owners = 3, HasFaults = false },
        ["sliding, one owner that crashes"] = new() { IsSliding = true, HasSoleOwner = true, Owners = 1 },
        ["sliding, duplicates of a sole owner"] = new() { IsSliding = true, HasSoleOwner = true, Owners = 3 },
        ["sliding, duplicates of a sole owner on a store that shows conflicts"] =
            new() { IsSliding = true, HasSoleOwner = true, Owners = 3, StoreShowsConflicts = true },
        ["sliding, owners that share a store"] = new() { IsSliding = true, Owners = 3, HasPolicyChanges = false },
        ["sliding, owners that share a store that shows conflicts"] =
            new() { IsSliding = true, Owners = 3, StoreShowsConflicts = true },
        ["sliding, wild clocks"] = new() { IsSliding = true, Owners = 2, HasWildClocks = true },
        ["wild clocks on a shared store"] = new() { Owners = 2, HasWildClocks = true, IsStrict = false },
    };
}
