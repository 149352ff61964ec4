using System.Runtime.InteropServices;
using Gateway.Control.Usage.Counting;
using Gateway.Control.Usage.Keeping;
using Gateway.Policy.Text;

namespace Gateway.Control.Usage.Asking;

/// <summary>A report while it is added up.</summary>
internal sealed class UsageSeries(UsageQuestion question, Func<string?, bool> may, UsageOptions options)
{
    private const int FrontendsMax = 100;
    private const int MissedWritesMax = 4;
    private const int RowsPerShown = 4;
    private readonly Dictionary<(string? Server, string Name), Sums> _rows = [];
    private readonly HashSet<long> _minutes = [];
    private readonly int[] _covered = new int[question.Points];
    private readonly List<UsageWriter> _writers = [];
    private readonly Dictionary<string, bool> _may = new(StringComparer.Ordinal);
    private bool _hasHours;
    private bool _hasMinutes;

    public void Add(UsageDocument document, bool isHour)
    {
        var atMs = document.At.ToUnixTimeMilliseconds();
        if (atMs < question.SinceMs || atMs >= question.UntilMs)
            return;
        var point = (int)((atMs - question.SinceMs) / question.StepMs);
        _hasHours |= isHour;
        _hasMinutes |= !isHour;
        if (isHour)
            _covered[point] += document.Minutes;
        else if (_minutes.Add(atMs))
            _covered[point]++;
        _writers.AddRange(document.Frontends);
        foreach (var (key, count) in document.Counts())
        {
            if (IsWanted(key))
                Row(key).Add(point, count, key.Outcome != UsageCounts.Allowed);
        }
    }

    public UsageAnswer Answer(long nowMs)
    {
        var writers = UsageWriter.Latest(_writers);
        var endMs = Math.Min(nowMs, question.UntilMs);
        var frontends = writers.Take(FrontendsMax).Select(writer => Of(writer, endMs)).ToList();
        var present = frontends.Where(static one => one.State == "present").Select(static one => one.Last).ToList();
        DateTimeOffset? asOf = present.Count > 0 ? present.Min() : writers is [var latest, ..] ? latest.Last : null;
        var rows = Rows();
        return new UsageAnswer(
            Instant(question.SinceMs), Instant(question.UntilMs), question.StepMs / 1000,
            question.By.ToString().ToLowerInvariant(),
            rows.Sum(static row => row.Calls), rows.Sum(static row => row.Refused),
            [.. _covered.Index().Select(one => Instant(question.SinceMs + (one.Index * question.StepMs)))],
            _covered, rows, Source(), asOf, asOf is { } at ? (Instant(nowMs) - at).TotalSeconds : null, frontends,
            [.. Notes(frontends, endMs)]);
    }

    private string Source() => (_hasHours, _hasMinutes) switch
    {
        (true, true) => "hours and minutes",
        (true, false) => "hours",
        _ => "minutes",
    };

    private IEnumerable<string> Notes(List<UsageFrontend> frontends, long endMs)
    {
        foreach (var missing in frontends.Where(static one => one.State == "missing"))
        {
            yield return $"{missing.Name} has written nothing since {missing.Last.UtcDateTime:s}Z: "
                + $"it was killed, which loses at most {missing.MayLackSeconds} s of its calls, "
                + "or is cut off from the store and writes them later.";
        }

        var lacking = _covered.Index().Count(one => question.SinceMs + (one.Index * question.StepMs) < endMs
            && one.Item == 0);
        if (lacking > 0)
            yield return $"There are no figures for {lacking} of {Spelling.Count(question.Points, "point")}: "
                + "they are gaps, not zeros.";
    }

    private static UsageFrontend Of(UsageWriter writer, long endMs)
    {
        var silentMs = endMs - writer.Last.ToUnixTimeMilliseconds();
        var state = writer.Ended ? "ended"
            : silentMs <= MissedWritesMax * UsageKeeper.WriteEvery.TotalMilliseconds ? "present" : "missing";
        return new UsageFrontend(
            writer.Name, writer.Run, state, writer.First, writer.Last,
            state == "missing" ? (int)Math.Ceiling(UsageKeeper.WriteEvery.TotalSeconds) : null);
    }

    private List<UsageRow> Rows()
    {
        var sorted = _rows.OrderByDescending(static one => one.Value.Calls)
            .ThenBy(static one => one.Key.Name, StringComparer.Ordinal).ToList();
        // Calls that already lack a label come first among those without a row.
        var others = sorted.Where(static one => one.Key.Name == UsageCounts.Other)
            .Concat(sorted.Where(static one => one.Key.Name != UsageCounts.Other).Skip(options.RowsMax - 1)).ToList();
        if (sorted.Count <= options.RowsMax)
            return [.. sorted.Select(one => one.Value.Row(one.Key.Name, one.Key.Server, _covered))];
        var rest = new Sums(question.Points);
        foreach (var (_, sums) in others)
            rest.Add(sums);
        return
        [
            .. sorted.Except(others).Select(one => one.Value.Row(one.Key.Name, one.Key.Server, _covered)),
            rest.Row(UsageCounts.Other, null, _covered),
        ];
    }

    private bool IsWanted(in UsageKey key)
    {
        if ((question.Server is { } server && server != key.Server)
            || (question.Grant is { } grant && grant != key.Grant)
            || (question.Tool is { } tool && tool != key.Tool))
            return false;
        if (!_may.TryGetValue(key.Server, out var isAllowed))
            _may[key.Server] = isAllowed = may(key.Server == UsageCounts.Other ? null : key.Server);
        return isAllowed;
    }

    private Sums Row(in UsageKey key)
    {
        var name = question.By switch
        {
            UsageBy.Server => (null, key.Server),
            UsageBy.Grant => (null, key.Grant),
            UsageBy.Tool => ((string?)key.Server, key.Tool),
            UsageBy.Outcome => (null, key.Outcome),
            _ => throw new NotSupportedException($"UsageBy {question.By} has no case here."),
        };
        if (_rows.TryGetValue(name, out var sums))
            return sums;
        // Each row takes memory for every point, so late rows share one if there are very many.
        if (_rows.Count >= RowsPerShown * options.RowsMax)
            name = (null, UsageCounts.Other);
        return CollectionsMarshal.GetValueRefOrAddDefault(_rows, name, out _) ??= new Sums(question.Points);
    }

    private static DateTimeOffset Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    private sealed class Sums(int points)
    {
        private readonly long[] _calls = new long[points];
        private readonly long[] _refused = new long[points];

        public long Calls { get; private set; }

        private long Refused { get; set; }

        public void Add(int point, long count, bool isRefused)
        {
            _calls[point] += count;
            Calls += count;
            if (!isRefused)
                return;
            _refused[point] += count;
            Refused += count;
        }

        public void Add(Sums other)
        {
            for (var point = 0; point < points; point++)
            {
                Add(point, other._calls[point] - other._refused[point], isRefused: false);
                Add(point, other._refused[point], isRefused: true);
            }
        }

        public UsageRow Row(string name, string? server, int[] covered) =>
            new(name, server, Calls, Refused, Shown(_calls, covered), Shown(_refused, covered));

        private static long?[] Shown(long[] counts, int[] covered) =>
            [.. counts.Select((count, point) => covered[point] == 0 ? null : (long?)count)];
    }
}
