namespace Gateway.Control.Usage.Asking;

/// <summary>Calls and refusals over time. A point that nobody has figures of is null, not none.</summary>
/// <param name="Since">Where the first point begins.</param>
/// <param name="Until">Where the last one ends.</param>
/// <param name="StepSeconds">How long a point is.</param>
/// <param name="By">What a row is: <c>server</c>, <c>grant</c>, <c>tool</c> or <c>outcome</c>.</param>
/// <param name="Calls">Decisions on tool calls in all, refused ones among them.</param>
/// <param name="Refused">Those that were refused.</param>
/// <param name="Points">Where each point begins.</param>
/// <param name="MinutesCovered">Minutes of each point that there are figures of.</param>
/// <param name="Rows">The busiest first.</param>
/// <param name="Source"><c>minutes</c>, <c>hours</c>, or <c>hours and minutes</c>: what was added up.</param>
/// <param name="AsOf">What was decided before then is in it, of every frontend that is present.</param>
/// <param name="AgeSeconds">How long ago that is.</param>
/// <param name="Frontends">Who counted, the latest first.</param>
/// <param name="Notes">What to know before these figures are relied on.</param>
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
