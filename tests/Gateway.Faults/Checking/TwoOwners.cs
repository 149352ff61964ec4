namespace Gateway.Faults.Checking;

/// <summary>What the faults that make two owners of one counter came to.</summary>
internal static class TwoOwners
{
    /// <summary>Windows that an owner of its own and another gave numbers of while such a fault lasted.</summary>
    public static IReadOnlyList<WindowUse> Windows(Analysis analysis)
    {
        var faults = analysis.History.Faults.Where(fault => fault.Apart.Count > 0).ToList();
        return [.. analysis.Windows.Where(window => faults.Any(fault =>
        {
            var members = window.Uses
                .Where(use => use.Reached is { } call && call.AtMs >= fault.FromMs && call.AtMs <= fault.HealedMs)
                .Select(use => use.Decision.Member).Distinct().ToList();
            return members.Count > 1 && members.Intersect(fault.Apart).Any();
        }))];
    }
}
