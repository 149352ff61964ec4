using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>
/// Finds a limit that never refuses a call, because another one on the same calls always refuses first: 100,000 an hour
/// beside 10 a minute.
/// </summary>
internal static class LooserLimitCheck
{
    /// <summary>Maximum number of limits on one call that are compared with each other.</summary>
    private const int LimitsMax = 16;

    public static void Run(PolicyDocument document, ProblemSink problems)
    {
        var places = Places(document);
        // One counter may occur in several entries, and the other limit must apply in each of them.
        var byCounter = places.SelectMany(static place => place.Own.Select(limit => (Place: place, Limit: limit)))
            .GroupBy(static use => Identity.Of(use.Limit)).ToArray();
        foreach (var uses in byCounter)
        {
            var (first, limit) = uses.First();
            if (first.All.Length == 1)
                continue;
            // Two limits of one call on one counter add up, which differs from each of them.
            if (uses.Any(use => use.Place.All.Count(one => Identity.Of(one) == uses.Key) > 1))
                continue;
            var tighter = first.All.FirstOrDefault(one => Identity.Of(one) != uses.Key
                && uses.All(use => use.Place.All.Any(two => Identity.Of(two) == Identity.Of(one)
                    && IsAlwaysTighter(two, use.Limit)))
                && !(IsAlwaysTighter(limit, one) && limit.Offset < one.Offset));
            if (tighter is not null)
            {
                problems.Warn(FindingKind.LooseLimit, limit.Offset, limit.Pointer,
                    $"this limit never refuses a call: {tighter.Pointer} admits {tighter.Max} in "
                    + $"\"{tighter.WindowText}\" and always refuses first; "
                    + "remove this one, or give it a smaller max");
            }
        }
    }

    private static List<Place> Places(PolicyDocument document)
    {
        var common = Enforced(document.AllTools.Limits, document.IsShadow, null);
        var places = new List<Place> { new(common, common) };
        foreach (var tool in document.Entries)
        {
            var own = Enforced(tool.Limits, document.IsShadow, tool.IsShadow);
            if (own.Length > 0)
                places.Add(new Place(own, [.. own, .. common]));
        }

        return places;
    }

    private static ImmutableArray<LimitDocument> Enforced(
        ImmutableArray<LimitDocument> limits, bool isDocumentShadow, bool? isShadow) =>
        isShadow ?? isDocumentShadow ? [] : [.. limits.Take(LimitsMax)];

    /// <summary>Returns true if the first limit always refuses any call that the second would refuse.</summary>
    private static bool IsAlwaysTighter(LimitDocument first, LimitDocument second) =>
        Reaches(first.Scope, second.Scope)
        // A single counter sees the calls of each value's counter, but not the other way round.
        && (!first.CountsValues || first.ByText == second.ByText)
        // A limit that denies calls without a subject refuses more than its maximum tells.
        && (!RequiresSubject(second) || RequiresSubject(first))
        && CountsAsMuch(first, second)
        && (!first.RefundOnError || second.RefundOnError)
        && first.Max.Nano * MostWindows(first, second) <= second.Max.Nano;

    /// <summary>
    /// Returns true if every call that counts for one id of the narrow scope also counts for one id of the wide one.
    /// </summary>
    private static bool Reaches(LimitScope wide, LimitScope narrow) => wide == narrow
        || wide == LimitScope.Server
        || (wide == LimitScope.Grant && narrow == LimitScope.Session);

    private static bool RequiresSubject(LimitDocument limit) => limit is { IsPerSubject: true, CountsForGrant: false };

    private static bool CountsAsMuch(LimitDocument first, LimitDocument second) =>
        first.IncrementFrom is { } path
            ? second.IncrementFrom?.Text == path.Text
            : second.IncrementFrom is null && first.Increment >= second.Increment;

    /// <summary>
    /// Returns how many times its maximum the first limit admits, at most, in one period of the second.
    /// </summary>
    private static Int128 MostWindows(LimitDocument first, LimitDocument second)
    {
        var spanMs = second.Window.LongestMs;
        if (first.Kind.IsAligned && second.Kind.IsAligned && first.Window == second.Window)
            return 1;
        return first.Kind.IsAligned && second.Kind.IsAligned && AreAligned(first.Window, second.Window)
            ? (spanMs + first.Window.ShortestMs - 1) / first.Window.ShortestMs
            : first.Kind.MostIn(first.Window, spanMs);
    }

    /// <summary>Returns true if each edge of the longer window is an edge of the shorter.</summary>
    private static bool AreAligned(Window first, Window second)
    {
        // A date in a zone begins at no fixed time of day in UTC.
        if (first.Zone is not null || second.Zone is not null)
            return false;
        var (shorter, longer) = first.ShortestMs <= second.ShortestMs ? (first, second) : (second, first);
        // Weeks and months begin at midnight, as do lengths that divide a day.
        return shorter.Seconds is { } length
            && (longer.Seconds is { } other ? other % length == 0 : 86_400 % length == 0);
    }

    private sealed record Place(ImmutableArray<LimitDocument> Own, ImmutableArray<LimitDocument> All);

    private readonly record struct Identity(
        LimitScope Scope, string Counter, Window Window, IWindowKind Kind, string By)
    {
        public static Identity Of(LimitDocument limit) =>
            new(limit.Scope, limit.Counter, limit.Window, limit.Kind, limit.ByText);
    }
}
