namespace Gateway.Audit.Reporting;

/// <summary>What was called, refused and spent in a time, as the records tell.</summary>
/// <param name="From">From here on.</param>
/// <param name="To">Before here.</param>
public sealed record AuditReport(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Rows of each table; what is rarer is left out and counted in <see cref="LeftOut"/>.</summary>
    public const int RowsMax = 1000;

    /// <summary>Whose records these are.</summary>
    public IReadOnlyList<string> Frontends { get; init; } = [];

    /// <summary>The sink whose records of all gateways these are; null where they are of <see cref="Frontends"/>.
    /// </summary>
    public string? Shared { get; init; }

    /// <summary>Who was asked and did not answer.</summary>
    public IReadOnlyList<ReportedAway> Away { get; init; } = [];

    /// <summary>True if other gateways may have records that are not in this.</summary>
    public bool Others { get; init; }

    /// <summary>The first record that there is; where it is later than <see cref="From"/>, what came before may be
    /// gone.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Decisions on calls, those that were only counted too.</summary>
    public long Calls { get; init; }

    /// <summary>Those that were not allowed.</summary>
    public long Refused { get; init; }

    /// <summary>Decisions that could not be recorded; their calls were denied.</summary>
    public long Missing { get; init; }

    /// <summary>Decisions by what became of the call.</summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = new Dictionary<string, long>();

    /// <summary>Grants, the most calls first.</summary>
    public IReadOnlyList<ReportedCount> Grants { get; init; } = [];

    /// <summary>Tools, the most calls first.</summary>
    public IReadOnlyList<ReportedCount> Tools { get; init; } = [];

    /// <summary>Rules that refused, the most first.</summary>
    public IReadOnlyList<ReportedRule> Rules { get; init; } = [];

    /// <summary>Counters, those that refused the most first, then the fullest.</summary>
    public IReadOnlyList<ReportedLimit> Limits { get; init; } = [];

    /// <summary>Rules that ask a person, the most requests first.</summary>
    public IReadOnlyList<ReportedApprovals> Approvals { get; init; } = [];

    /// <summary>Grants that are configured and called nothing.</summary>
    public IReadOnlyList<string> UnusedGrants { get; init; } = [];

    /// <summary>Tools of policies that no call met.</summary>
    public IReadOnlyList<ReportedRule> UnusedRules { get; init; } = [];

    /// <summary>Rows that were left out of all tables.</summary>
    public long LeftOut { get; init; }

    /// <summary>The reports of several frontends as one; what is unused was used at none of them.</summary>
    public static AuditReport Merge(IReadOnlyList<AuditReport> reports, IReadOnlyList<ReportedAway> away)
    {
        ArgumentOutOfRangeException.ThrowIfZero(reports.Count);
        return new AuditReport(reports[0].From, reports[0].To)
        {
            Frontends = [.. reports.SelectMany(static one => one.Frontends)],
            Shared = reports[0].Shared,
            Away = away,
            Others = reports.Any(static one => one.Others),
            Oldest = reports.Min(static one => one.Oldest),
            Calls = reports.Sum(static one => one.Calls),
            Refused = reports.Sum(static one => one.Refused),
            Missing = reports.Sum(static one => one.Missing),
            Outcomes = reports.SelectMany(static one => one.Outcomes)
                .GroupBy(static one => one.Key, static one => one.Value)
                .ToDictionary(static group => group.Key, static group => group.Sum()),
            Grants = Counts(reports.SelectMany(static one => one.Grants)),
            Tools = Counts(reports.SelectMany(static one => one.Tools)),
            Rules =
            [
                .. reports.SelectMany(static one => one.Rules).GroupBy(static one => (one.Policy, one.Rule))
                    .Select(static group => group.First() with { Refused = group.Sum(static one => one.Refused) })
                    .OrderByDescending(static one => one.Refused),
            ],
            Limits = InOrder(reports.SelectMany(static one => one.Limits)
                .GroupBy(static one => (one.Grant, one.Server, one.Counter))
                .Select(static group => group.First() with
                {
                    Calls = group.Sum(static one => one.Calls),
                    Spent = group.Sum(static one => one.Spent),
                    Refused = group.Sum(static one => one.Refused),
                    Peak = group.Max(static one => one.Peak),
                })),
            Approvals =
            [
                .. reports.SelectMany(static one => one.Approvals).GroupBy(static one => (one.Server, one.Rule))
                    .Select(static group => group.Aggregate(static (left, right) => left.Plus(right)))
                    .OrderByDescending(static one => one.Asked),
            ],
            UnusedGrants = [.. reports[0].UnusedGrants.Where(name =>
                reports.All(one => one.UnusedGrants.Contains(name)))],
            UnusedRules = [.. reports[0].UnusedRules.Where(rule =>
                reports.All(one => one.UnusedRules.Contains(rule)))],
            LeftOut = reports.Sum(static one => one.LeftOut),
        };
    }

    internal static IReadOnlyList<ReportedLimit> InOrder(IEnumerable<ReportedLimit> limits) =>
        [.. limits.OrderByDescending(static one => one.Refused).ThenByDescending(static one => one.Peak)];

    private static List<ReportedCount> Counts(IEnumerable<ReportedCount> counts) =>
    [
        .. counts.GroupBy(static one => one.Name).Select(static group => new ReportedCount(
                group.Key, group.Sum(static one => one.Calls), group.Sum(static one => one.Refused)))
            .OrderByDescending(static one => one.Calls).ThenBy(static one => one.Name, StringComparer.Ordinal),
    ];
}
