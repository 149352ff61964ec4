using Gateway.Control.Usage.Counting;
using Gateway.Control.Usage.Keeping;

namespace Gateway.Control.Usage.Asking;

/// <summary>The tools of a server that the same grants called in the same hours as one of them.</summary>
/// <param name="server">The server.</param>
/// <param name="tool">The tool.</param>
internal sealed class UsageCompanions(string server, string tool)
{
    /// <summary>The minimum number of common hours; fewer may be chance.</summary>
    private const int TogetherMin = 3;
    private const int Most = 10;
    private const int NamesMax = 10_000;

    private readonly Dictionary<string, int> _together = new(StringComparer.Ordinal);
    private int _hours;

    /// <summary>Adds one hour: of all frontends, or each frontend's minutes of it.</summary>
    public void Add(IEnumerable<UsageDocument> hour)
    {
        foreach (var tools in hour.SelectMany(static document => document.Counts())
            .Where(one => one.Key.Server == server && one.Key.Grant != UsageCounts.Other && one.Value > 0)
            .GroupBy(static one => one.Key.Grant, static one => one.Key.Tool, StringComparer.Ordinal)
            .Select(static grant => grant.ToHashSet(StringComparer.Ordinal))
            .Where(tools => tools.Contains(tool)))
        {
            _hours++;
            foreach (var other in tools.Where(other => other != tool && other != UsageCounts.Other))
            {
                if (_together.Count < NamesMax || _together.ContainsKey(other))
                    _together[other] = _together.GetValueOrDefault(other) + 1;
            }
        }
    }

    /// <summary>Returns the tools of at least half of the hours, the most frequent first.</summary>
    public IReadOnlyList<UsageCompanion> Answer() =>
    [
        .. _together.Where(one => one.Value >= TogetherMin && 2 * one.Value >= _hours)
            .OrderByDescending(static one => one.Value).ThenBy(static one => one.Key, StringComparer.Ordinal)
            .Take(Most).Select(one => new UsageCompanion(one.Key, one.Value, _hours)),
    ];
}

/// <summary>A tool that is often called together with another one.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Together">The number of hours in which a grant called both; an hour counts once for each grant.</param>
/// <param name="Hours">The number of hours in which a grant called the other tool.</param>
public sealed record UsageCompanion(string Tool, int Together, int Hours);
