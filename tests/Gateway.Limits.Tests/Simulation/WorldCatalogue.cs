namespace Gateway.Limits.Tests.Simulation;

/// <summary>Worlds in which every rule holds, each for every kind of limits.</summary>
internal static class WorldCatalogue
{
    private static readonly WorldOptions Sole = new() { HasSoleOwner = true };
    private static readonly WorldOptions Shared = new();

    // No permit expires here, so that none is released: what was ever given out is what others were refused for.
    private static readonly WorldOptions Kept = new()
    {
        HasFaults = false,
        HasReleases = false,
        HasPolicyChanges = false,
        IsStrict = false,
        FrontendChecksDeadline = false,
    };

    private static readonly Dictionary<string, WorldOptions> Worlds = new()
    {
        ["one owner without faults"] = Sole with { Owners = 1, HasFaults = false },
        ["one owner without faults under one policy"] =
            Sole with { Owners = 1, HasFaults = false, HasPolicyChanges = false },
        ["one owner without faults or releases"] =
            Sole with { Owners = 1, HasFaults = false, HasReleases = false, HasPolicyChanges = false },
        ["one owner without faults on a shared store"] = Shared with { Owners = 1, HasFaults = false },
        ["owners that share a store without faults and give numbers back"] =
            Shared with { Owners = 3, HasFaults = false },
        ["one owner that crashes"] = Sole with { Owners = 1 },
        ["duplicates of a sole owner"] = Sole with { Owners = 3, HasPolicyChanges = false },
        ["duplicates of a sole owner under changing policies"] = Sole with { Owners = 3 },
        ["duplicates of a sole owner on a store that shows conflicts"] =
            Sole with { Owners = 3, HasPolicyChanges = false, StoreShowsConflicts = true },
        ["owners that share a store"] = Shared with { Owners = 3, HasPolicyChanges = false },
        ["owners that share a store that shows conflicts"] =
            Shared with { Owners = 3, HasPolicyChanges = false, StoreShowsConflicts = true },
        ["owners that share a store under changing policies"] = Shared with { StoreShowsConflicts = true },
        ["relaxed windows"] = Sole with { IsStrict = false },
        ["wild clocks"] = Sole with { HasWildClocks = true },
        ["wild clocks on a shared store"] = Shared with { HasWildClocks = true, IsStrict = false },
    };

    public static IReadOnlyDictionary<string, WorldOptions> Sound { get; } = (
        from kind in SimulatedKind.All
        from world in Worlds
        let sound = world.Value with { Kind = kind, MakeCounter = kind.NewCounter }
        select (Name: $"{kind.Name}, {world.Key}", World: sound))
        .Append(("fixed, owners that share a store without faults", Kept))
        .ToDictionary();
}
