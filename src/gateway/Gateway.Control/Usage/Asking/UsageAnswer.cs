namespace Gateway.Control.Usage.Asking;

/// <summary>Calls and refusals over time. A point without figures is null, not zero.</summary>
/// <param name="Since">The start of the first point.</param>
/// <param name="Until">The end of the last point.</param>
/// <param name="StepSeconds">The length of a point.</param>
/// <param name="By">The subject of a row: <c>server</c>, <c>grant</c>, <c>tool</c> or <c>outcome</c>.</param>
/// <param name="Calls">The number of decisions on tool calls, including refused ones.</param>
/// <param name="Refused">The number of refused calls.</param>
/// <param name="Points">The start of each point.</param>
/// <param name="MinutesCovered">The minutes of each point for which there are figures.</param>
/// <param name="Rows">The rows, the busiest first.</param>
/// <param name="Source">
/// <c>minutes</c>, <c>hours</c>, or <c>hours and minutes</c>: the figures that were added up.
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
    IReadOnlyList<string> Notes);
