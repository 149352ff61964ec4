namespace Gateway.Faults.Checking;

/// <summary>The windows that were affected by faults which cause two owners of one counter.</summary>
internal static class TwoOwners
{
    /// <summary>
    /// Returns the windows from which a separate owner and another one gave out numbers during such a fault.
    /// </summary>
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
