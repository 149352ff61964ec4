namespace Gateway.Audit.Reporting;

/// <summary>A summary of calls, refusals and spending in a time range, computed from audit records.</summary>
/// <param name="From">Start of the range (inclusive).</param>
/// <param name="To">End of the range (exclusive).</param>
public sealed record AuditReport(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Maximum rows of each table; rarer rows are omitted and counted in <see cref="LeftOut"/>.</summary>
    public const int RowsMax = 1000;

    /// <summary>The frontends whose records these are.</summary>
    public IReadOnlyList<string> Frontends { get; init; } = [];

    /// <summary>
    /// Name of the sink that holds these records of all gateways; null if they are of <see cref="Frontends"/>.
    /// </summary>
    public string? Shared { get; init; }

    /// <summary>Frontends that did not respond.</summary>
    public IReadOnlyList<ReportedAway> Away { get; init; } = [];

    /// <summary>True if other gateways may have records that are not in this report.</summary>
    public bool Others { get; init; }

    /// <summary>
    /// Time of the oldest available record. If it is later than <see cref="From"/>, earlier records may be gone.
    /// </summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Number of decisions on calls, including those that were only counted.</summary>
    public long Calls { get; init; }

    /// <summary>Number of calls that were not allowed.</summary>
    public long Refused { get; init; }

    /// <summary>Number of decisions that could not be recorded; their calls were denied.</summary>
    public long Missing { get; init; }

    /// <summary>Decisions by outcome.</summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = new Dictionary<string, long>();

    /// <summary>Grants, by number of calls in descending order.</summary>
    public IReadOnlyList<ReportedCount> Grants { get; init; } = [];

    /// <summary>
    /// Callers that tokens of issuers identify, as <c>ISSUER/SUBJECT</c>, by number of calls in descending order. Calls
    /// of erased persons are counted together for each issuer.
    /// </summary>
    public IReadOnlyList<ReportedCount> Callers { get; init; } = [];

    /// <summary>OAuth clients of these callers, as <c>ISSUER/CLIENT</c>, in the same order.</summary>
    public IReadOnlyList<ReportedCount> Clients { get; init; } = [];

    /// <summary>Parties that acted for these callers, as <c>ISSUER/ACTOR</c>, in the same order.</summary>
    public IReadOnlyList<ReportedCount> Actors { get; init; } = [];

    /// <summary>Tools, by number of calls in descending order.</summary>
    public IReadOnlyList<ReportedCount> Tools { get; init; } = [];

    /// <summary>Rules that refused calls, by number in descending order.</summary>
    public IReadOnlyList<ReportedRule> Rules { get; init; } = [];

    /// <summary>Counters, by number of refusals in descending order, then by peak use.</summary>
    public IReadOnlyList<ReportedLimit> Limits { get; init; } = [];

    /// <summary>Rules that require approval, by number of requests in descending order.</summary>
    public IReadOnlyList<ReportedApprovals> Approvals { get; init; } = [];

    /// <summary>Configured grants without calls.</summary>
    public IReadOnlyList<string> UnusedGrants { get; init; } = [];

    /// <summary>Tools in policies without calls.</summary>
    public IReadOnlyList<ReportedRule> UnusedRules { get; init; } = [];

    /// <summary>Number of rows that were omitted from all tables.</summary>
    public long LeftOut { get; init; }

    /// <summary>Merges the reports of several frontends; only what no frontend used counts as unused.</summary>
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
            Callers = Counts(reports.SelectMany(static one => one.Callers)),
            Clients = Counts(reports.SelectMany(static one => one.Clients)),
            Actors = Counts(reports.SelectMany(static one => one.Actors)),
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

/// <summary>A frontend that did not respond, so that its records are not in the report.</summary>
/// <param name="Gateway">Its address.</param>
/// <param name="Why">The reason.</param>
public sealed record ReportedAway(string Gateway, string Why);
