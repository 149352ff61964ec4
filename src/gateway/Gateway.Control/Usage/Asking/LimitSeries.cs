using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Keeping;

namespace Gateway.Control.Usage.Asking;

/// <summary>The use of limits over time while it is added up.</summary>
internal sealed class LimitSeries(UsageQuestion question, Counting.UsageOptions options)
{
    private const string AllGrants = "(all)";
    private readonly Dictionary<UsedLimit, UsageLimitUse?[]> _limits = [];

    /// <summary>Adds the use of a minute or an hour.</summary>
    public void Add(UsageDocument document, int point, Func<string, bool> may)
    {
        foreach (var use in document.Limits ?? [])
        {
            if ((question.Server is { } server && server != use.Server)
                // A budget takes the place of a tool, which no limit has.
                || (question.Server == CounterRatios.Budgets && question.Tool is { } budget && use.Counter != budget)
                || (question.Grant is { } grant && use.Grant != grant && use.Grant != AllGrants)
                || !may(use.Server))
                continue;
            var limit = new UsedLimit(use.Grant, use.Server, use.Counter, use.Window);
            if (!_limits.TryGetValue(limit, out var uses))
            {
                if (_limits.Count >= options.RowsMax)
                    continue;
                _limits[limit] = uses = new UsageLimitUse?[question.Points];
            }

            if (uses[point] is not { } before || before.Used <= use.Used)
                uses[point] = use;
        }
    }

    /// <summary>Returns the limits, those with the highest used share first.</summary>
    public IReadOnlyList<UsageLimit> Answer() =>
    [
        .. _limits.Select(static one => (one.Key, one.Value, Last: one.Value.Last(static use => use is not null)!))
            .OrderByDescending(static one => one.Last.Max > 0 ? one.Last.Used / one.Last.Max : 1)
            .ThenBy(static one => one.Key.Counter, StringComparer.Ordinal)
            .Select(one => new UsageLimit(
                one.Key.Counter, one.Key.Server, one.Key.Grant, one.Key.Window, one.Last.Used, one.Last.Max,
                one.Last.Reset, [.. one.Value.Select(static use => use?.Used)],
                [.. one.Value.Select(static use => use?.Max)])
            {
                ExhaustedAt = Forecast(one.Value),
            }),
    ];

    /// <summary>
    /// Returns when a limit is used up if its use goes on as on average in the points of its window; null if it is used
    /// up already, does not grow, or its window ends before.
    /// </summary>
    private DateTimeOffset? Forecast(UsageLimitUse?[] uses)
    {
        var end = Array.FindLastIndex(uses, static use => use is not null);
        var (last, begin) = (uses[end]!, end);
        // A window that starts again uses less than before.
        while (begin > 0 && uses[begin - 1] is { } before && before.Used <= uses[begin]!.Used)
            begin--;
        var grown = last.Used - uses[begin]!.Used;
        if (begin == end || grown <= 0 || last.Used >= last.Max)
            return null;
        var leftMs = (last.Max - last.Used) * (end - begin) * question.StepMs / grown;
        var full = DateTimeOffset.FromUnixTimeMilliseconds(question.SinceMs + (end * question.StepMs))
            + TimeSpan.FromMilliseconds(leftMs);
        return full < last.Reset ? full : null;
    }
}
