namespace Gateway.Audit.Searching;

/// <summary>Counts of matching records by the values of their members and over time.</summary>
/// <param name="Matched">The number of counted records.</param>
/// <param name="IsComplete">
/// True if every matching record is counted; false if the counts cover only the newest part of the log.
/// </param>
/// <param name="Facets">The most frequent values of each member with their counts.</param>
/// <param name="Histogram">Counts over time.</param>
public sealed record RecordFacets(
    long Matched, bool IsComplete, IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets,
    RecordHistogram Histogram)
{
    /// <summary>The time back to which the log was read; null if it is empty.</summary>
    public DateTimeOffset? Reached { get; init; }
}

/// <summary>A value of a member and the number of records that have it.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">The number of records.</param>
public sealed record FacetValue(string Value, long Count);

/// <summary>Counts of records in equal intervals.</summary>
/// <param name="Start">Start of the first interval.</param>
/// <param name="StepSeconds">Length of each interval.</param>
/// <param name="Matched">The number of records in each interval.</param>
/// <param name="Refused">The number of those that are refused or failed calls and denials.</param>
public sealed record RecordHistogram(
    DateTimeOffset Start, long StepSeconds, IReadOnlyList<long> Matched, IReadOnlyList<long> Refused);

/// <summary>Collects the counts of a search; the number of values of each member is bounded.</summary>
internal sealed class FacetCounts
{
    private const int ValuesMax = 10_000;
    private const int ShownMax = 20;
    private const int IntervalsMax = 120;

    /// <summary>Interval lengths in seconds, so that intervals begin at round instants.</summary>
    private static readonly long[] Steps =
    [
        1, 5, 10, 30, 60, 300, 600, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 7 * 86_400, 30 * 86_400L,
    ];

    /// <summary>Durations in milliseconds from which a result counts as at least that slow.</summary>
    private static readonly long[] Durations = [100, 1000, 10_000];

    private static readonly (string Name, Func<RecordFields, string?> Of)[] Members =
    [
        ("kind", static record => record.Kind),
        ("outcome", static record => record.Outcome),
        ("tool", static record => record.Tool),
        ("server", static record => record.Server),
        ("grant", static record => record.Grant),
        ("caller", static record => record.Caller.Subject),
        ("callerIssuer", static record => record.Caller.Issuer),
        ("callerClient", static record => record.Caller.Client),
        ("callerActor", static record => record.Caller.Actor),
        ("policy", static record => record.Policy),
        ("method", static record => record.Method),
        ("rule", static record => record.Rule),
        ("by", static record => record.By),
    ];

    private readonly Dictionary<string, long>[] _values =
        [.. Members.Select(static _ => new Dictionary<string, long>(StringComparer.Ordinal))];
    private readonly long[] _slow = new long[Durations.Length];
    private long _failed;
    private readonly long _startMs;
    private readonly long _stepMs;
    private readonly long[] _matched;
    private readonly long[] _refused;

    public FacetCounts(long fromMs, long toMs)
    {
        var span = Math.Max(1, toMs - fromMs);
        var step = Array.Find(Steps, step => span / (step * 1000) < IntervalsMax / 2);
        _stepMs = 1000 * (step > 0 ? step : span / 1000 / (IntervalsMax / 2) + 1);
        _startMs = fromMs - fromMs % _stepMs;
        var intervals = (int)((toMs - 1 - _startMs) / _stepMs) + 1;
        (_matched, _refused) = (new long[Math.Max(1, intervals)], new long[Math.Max(1, intervals)]);
    }

    public long Matched { get; private set; }

    public void Add(RecordFields record)
    {
        Matched++;
        for (var member = 0; member < Members.Length; member++)
        {
            var (counts, value) = (_values[member], Members[member].Of(record));
            if (value is not null && (counts.Count < ValuesMax || counts.ContainsKey(value)))
                counts[value] = counts.GetValueOrDefault(value) + 1;
        }

        if (record.IsFailed)
            _failed++;
        for (var at = 0; at < Durations.Length; at++)
        {
            if (record.DurationMs >= Durations[at])
                _slow[at]++;
        }

        var interval = (record.TimeMs - _startMs) / _stepMs;
        if (record.TimeMs < _startMs || interval >= _matched.Length)
            return;
        _matched[interval]++;
        if (IsRefused(record))
            _refused[interval]++;
    }

    public RecordFacets ToFacets(bool isComplete, long reachedMs)
    {
        var facets = new Dictionary<string, IReadOnlyList<FacetValue>>(StringComparer.Ordinal);
        for (var member = 0; member < Members.Length; member++)
        {
            facets[Members[member].Name] =
            [
                .. _values[member].OrderByDescending(static one => one.Value)
                    .ThenBy(static one => one.Key, StringComparer.Ordinal).Take(ShownMax)
                    .Select(static one => new FacetValue(one.Key, one.Value)),
            ];
        }

        facets["minMs"] =
        [
            .. Durations.Select((ms, at) => new FacetValue(
                    ms.ToString(System.Globalization.CultureInfo.InvariantCulture), _slow[at]))
                .Where(static one => one.Count > 0),
        ];
        facets["failed"] = _failed > 0 ? [new FacetValue("true", _failed)] : [];
        return new RecordFacets(
            Matched, isComplete, facets,
            new RecordHistogram(
                DateTimeOffset.FromUnixTimeMilliseconds(_startMs), _stepMs / 1000, _matched, _refused))
        {
            Reached = reachedMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(reachedMs),
        };
    }

    private static bool IsRefused(RecordFields record) => record.Kind switch
    {
        "decision" => record.Outcome is not ("allowed" or "approval_required"),
        "outcome" => record.IsFailed,
        "approval" => record.Outcome is "denied",
        "access" => record.Outcome is "refused",
        _ => false,
    };
}
