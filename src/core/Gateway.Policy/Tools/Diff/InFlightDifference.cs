using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;

namespace Gateway.Policy.Tools.Diff;

/// <summary>
/// Determines the direction of a change of <c>max_in_flight</c>. No sequence of calls shows it, as each call ends
/// before the next.
/// </summary>
internal static class InFlightDifference
{
    /// <summary>
    /// Returns the direction; null if anything else differs too, or if the change is tighter in one place and looser in
    /// another.
    /// </summary>
    public static string? Between(DiffSide old, DiffSide now, string tool, ImmutableArray<string> said)
    {
        if (!said.All(static change => change.Contains("/max_in_flight", StringComparison.Ordinal)))
            return null;
        var any = new SampleCall("{}", null);
        var (before, after) = (old.Decide(tool, any).InFlight, now.Decide(tool, any).InFlight);
        var (isTighter, isLooser) = (!Covers(before, after), !Covers(after, before));
        return (isTighter, isLooser) switch { (true, false) => "tighter", (false, true) => "looser", _ => null };
    }

    /// <summary>
    /// Returns true if each rule of the second is covered by one of the first that is at least as tight.
    /// </summary>
    private static bool Covers(ImmutableArray<DecisionCost> first, ImmutableArray<DecisionCost> second) =>
        second.All(two => first.Any(one => one.Rule == two.Rule && one.Cost.Max <= two.Cost.Max
            && (one.Cost.Key.Scope == LimitScope.Server || two.Cost.Key.Scope == LimitScope.Grant)));
}
