using System.Collections.Immutable;
using Gateway.Limits.Model;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>
/// A limit that never refuses a call, since another one on the same calls always refuses first: 10 a minute beside
/// 100,000 an hour.
/// </summary>
internal static class LooserLimitCheck
{
    /// <summary>Limits on one call that are compared with each other.</summary>
    private const int LimitsMax = 16;

    public static void Run(PolicyDocument document, ProblemSink problems)
    {
        var places = Places(document);
        // One counter may stand in several entries, and another limit has to hold in each of them.
        var byCounter = places.SelectMany(static place => place.Own.Select(limit => (Place: place, Limit: limit)))
            .GroupBy(static use => Identity.Of(use.Limit)).ToArray();
        foreach (var uses in byCounter)
        {
            var (first, limit) = uses.First();
            // What counts twice on one counter is another sum than each of the two.
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
                    + "take this one out, or give it a smaller max");
            }
        }
    }

    private static List<Place> Places(PolicyDocument document)
    {
        var common = Enforced(document.AllTools.Limits, document.IsShadow, null);
        var places = new List<Place> { new(common, common) };
        foreach (var tool in document.Tools)
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

    /// <summary>Whether the first has always refused a call that the second would refuse.</summary>
    private static bool IsAlwaysTighter(LimitDocument first, LimitDocument second) =>
        Reaches(first.Scope, second.Scope)
        // One counter for all sees what each value's sees, and not the other way round.
        && (first.By.IsEmpty || first.ByText == second.ByText)
        && CountsAsMuch(first, second)
        && (!first.RefundOnError || second.RefundOnError)
        && first.Max.Nano * MostWindows(first, second) <= second.Max.Nano;

    /// <summary>Whether what counts for one id of the narrow scope counts for one id of the wide one too.</summary>
    private static bool Reaches(LimitScope wide, LimitScope narrow) => wide == narrow
        || wide == LimitScope.Server
        || (wide == LimitScope.Grant && narrow == LimitScope.Session);

    private static bool CountsAsMuch(LimitDocument first, LimitDocument second) =>
        first.IncrementFrom is { } path
            ? second.IncrementFrom?.Text == path.Text
            : second.IncrementFrom is null && first.Increment >= second.Increment;

    /// <summary>How many times its maximum the first lets through, at most, in one period of the second.</summary>
    private static Int128 MostWindows(LimitDocument first, LimitDocument second)
    {
        var spanMs = second.Window.LongestMs;
        if (first.Kind.IsAligned && second.Kind.IsAligned && first.Window == second.Window)
            return 1;
        return first.Kind.IsAligned && second.Kind.IsAligned && AreAligned(first.Window, second.Window)
            ? (spanMs + first.Window.ShortestMs - 1) / first.Window.ShortestMs
            : first.Kind.MostIn(first.Window, spanMs);
    }

    /// <summary>Whether each edge of the longer is one of the shorter.</summary>
    private static bool AreAligned(Window first, Window second)
    {
        // A date of a zone begins at no time of day that is known in UTC.
        if (first.Zone is not null || second.Zone is not null)
            return false;
        var (shorter, longer) = first.ShortestMs <= second.ShortestMs ? (first, second) : (second, first);
        // Weeks and months begin at midnight, as lengths that fit into a day do.
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
