namespace Gateway.Control.Usage.Asking;

/// <summary>Calls and refusals over time. A point without figures is null, not zero.</summary>
/// <param name="Since">The start of the first point.</param>
/// <param name="Until">The end of the last point.</param>
/// <param name="StepSeconds">The length of a point.</param>
/// <param name="By">
/// The subject of a row: <c>outcome</c>, <c>server</c>, <c>grant</c>, <c>tool</c>, <c>policy</c> or <c>caller</c>; or
/// <c>budget</c>, which has limits instead of rows.
/// </param>
/// <param name="Calls">The number of decisions on tool calls, including refused ones.</param>
/// <param name="Refused">The number of refused calls.</param>
/// <param name="Points">The start of each point.</param>
/// <param name="MinutesCovered">The minutes of each point for which there are figures.</param>
/// <param name="Rows">The rows, the busiest first.</param>
/// <param name="Source">
/// <c>minutes</c>, <c>hours</c>, or <c>hours and minutes</c>: the figures that were added up; <c>audit log</c> for
/// figures by caller.
/// </param>
/// <param name="AsOf">The figures contain every decision before this time, of every frontend that is present.</param>
/// <param name="AgeSeconds">The age of <paramref name="AsOf"/>.</param>
/// <param name="Frontends">The frontends that counted, the latest first.</param>
/// <param name="Notes">Notes to read before relying on these figures.</param>
public sealed record UsageAnswer(
    DateTimeOffset Since,
    DateTimeOffset Until,
    long StepSeconds,
    string By,
    long Calls,
    long Refused,
    IReadOnlyList<DateTimeOffset> Points,
    IReadOnlyList<int> MinutesCovered,
    IReadOnlyList<UsageRow> Rows,
    string Source,
    DateTimeOffset? AsOf,
    double? AgeSeconds,
    IReadOnlyList<UsageFrontend> Frontends,
    IReadOnlyList<string> Notes)
{
    /// <summary>The results of the calls; absent if a gateway of an earlier release responds.</summary>
    public UsageResults? Results { get; init; }

    /// <summary>The results of each point.</summary>
    public UsageResultsOverTime? ResultsOverTime { get; init; }

    /// <summary>The limits and budgets with the highest used share first; only by <c>budget</c>.</summary>
    public IReadOnlyList<UsageLimit>? Limits { get; init; }
}

/// <summary>The results of allowed calls. Percentiles have an error of at most 6.25 %.</summary>
/// <param name="Count">The number of results, including failed calls.</param>
/// <param name="Errors">The number of failed calls.</param>
/// <param name="P50Ms">The median duration in milliseconds; null if there are no results.</param>
/// <param name="P95Ms">The duration that 95 % of the results do not exceed.</param>
/// <param name="P99Ms">The duration that 99 % of the results do not exceed.</param>
public sealed record UsageResults(long Count, long Errors, double? P50Ms, double? P95Ms, double? P99Ms);

/// <summary>The results of each point; null for a point without figures.</summary>
/// <param name="Count">The number of results.</param>
/// <param name="Errors">The number of failed calls.</param>
/// <param name="P50Ms">The median duration in milliseconds; null also if there are no results.</param>
/// <param name="P95Ms">The duration that 95 % of the results do not exceed.</param>
/// <param name="P99Ms">The duration that 99 % of the results do not exceed.</param>
public sealed record UsageResultsOverTime(
    IReadOnlyList<long?> Count, IReadOnlyList<long?> Errors, IReadOnlyList<double?> P50Ms,
    IReadOnlyList<double?> P95Ms, IReadOnlyList<double?> P99Ms);

/// <summary>
/// The use of a limit or a budget over time, for charts: <c>/counters</c> has the exact current amounts.
/// </summary>
/// <param name="Name">The counter's name in the policy, or the budget's name.</param>
/// <param name="Server">The server; <c>(budgets)</c> for a budget.</param>
/// <param name="Grant">The grant; <c>(all)</c> if all grants share the limit.</param>
/// <param name="Window">The window.</param>
/// <param name="Used">The highest used amount of the last point that has one.</param>
/// <param name="Max">The maximum of that window.</param>
/// <param name="Reset">The end of that window.</param>
/// <param name="UsedOverTime">The highest used amount in each point; null if no call counted in its window.</param>
/// <param name="MaxOverTime">The maximum in each point.</param>
public sealed record UsageLimit(
    string Name, string Server, string Grant, string Window, double Used, double Max, DateTimeOffset Reset,
    IReadOnlyList<double?> UsedOverTime, IReadOnlyList<double?> MaxOverTime)
{
    /// <summary>
    /// The time at which it is used up if its use goes on as in this report; absent if its window ends before.
    /// </summary>
    public DateTimeOffset? ExhaustedAt { get; init; }
}
