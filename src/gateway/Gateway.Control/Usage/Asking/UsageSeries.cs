using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Audit.Searching;
using Gateway.Control.Telemetry;
using Gateway.Control.Usage.Counting;
using Gateway.Control.Usage.Keeping;
using Gateway.Policy.Text;

namespace Gateway.Control.Usage.Asking;

/// <summary>A report while it is added up.</summary>
internal sealed class UsageSeries(UsageQuestion question, Func<string?, bool> may, UsageOptions options)
{
    private const int FrontendsMax = 100;
    private const int MissedWritesMax = 4;
    internal const int RowsPerShown = 4;
    private const string None = "(none)";
    private readonly Dictionary<(string? Within, string Name), Sums> _rows = [];
    private readonly HashSet<long> _minutes = [];
    private readonly int[] _covered = new int[question.Points];
    private readonly List<UsageWriter> _writers = [];
    private readonly Dictionary<string, bool> _may = new(StringComparer.Ordinal);
    private readonly DurationCounts?[] _results = new DurationCounts?[question.Points];
    private readonly bool[] _hasResults = new bool[question.Points];
    private readonly LimitSeries _limits = new(question, options);
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
        // Calls that charge a budget are in the other counts already, under their server.
        var counts = question.IsOfBudgets
            ? document.Counts().Concat(document.ChargeCounts()) : document.Counts();
        foreach (var (key, count) in counts)
        {
            if (IsWanted(key))
                Row(key, caller: default).Add(point, count, key.Outcome != UsageCounts.Allowed);
        }

        _hasResults[point] |= document.Results is not null;
        foreach (var (key, durations) in document.Durations())
        {
            if (IsWanted(key))
                AddResults(point, key, durations);
        }

        if (question.By == UsageBy.Budget)
            _limits.Add(document, point, server => May(server == CounterRatios.Budgets ? UsageCounts.Other : server));
    }

    /// <summary>Adds a record of the audit log.</summary>
    public void Add(CallFacts call)
    {
        if (!question.IsOfBudgets)
        {
            AddCall(call);
            return;
        }

        foreach (var budget in call.IsResult ? [] : call.Budgets)
            AddCall(call with { Server = CounterRatios.Budgets, Tool = budget });
    }

    private void AddCall(in CallFacts call)
    {
        var point = (int)((call.TimeMs - question.SinceMs) / question.StepMs);
        var outcome = call.IsResult ? UsageCounts.Allowed : call.Outcome;
        var key = new UsageKey(call.Grant, call.Server, call.Tool, outcome, call.Policy ?? "");
        if (point < 0 || point >= question.Points || !IsWanted(key))
            return;
        if (!call.IsResult)
        {
            Row(key, call.Caller).Add(point, 1, outcome != UsageCounts.Allowed);
            return;
        }

        (_results[point] ??= new DurationCounts()).Add(call.DurationMs, call.IsFailed);
        if (question.By != UsageBy.Outcome)
            Row(key, call.Caller).Results.Add(call.DurationMs, call.IsFailed);
    }

    /// <summary>Marks the time from which on the audit log was read.</summary>
    public void CoverFrom(long fromMs, long nowMs)
    {
        for (var minuteMs = Math.Max(question.SinceMs, fromMs); minuteMs < Math.Min(question.UntilMs, nowMs);
            minuteMs += 60_000)
        {
            var point = (int)((minuteMs - question.SinceMs) / question.StepMs);
            _covered[point]++;
            _hasResults[point] = true;
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
            JsonNamingPolicy.CamelCase.ConvertName(question.By.ToString()),
            rows.Sum(static row => row.Calls), rows.Sum(static row => row.Refused),
            [.. _covered.Index().Select(one => Instant(question.SinceMs + (one.Index * question.StepMs)))],
            _covered, question.By == UsageBy.Budget ? [] : rows, Source(), asOf,
            asOf is { } at ? (Instant(nowMs) - at).TotalSeconds : null, frontends, [.. Notes(frontends, endMs)])
        {
            Results = ResultsOf(_results),
            ResultsOverTime = new UsageResultsOverTime(
                Each<long>(static counts => counts?.Count ?? 0), Each<long>(static counts => counts?.Errors ?? 0),
                Each<double>(static counts => counts?.Percentile(0.5)),
                Each<double>(static counts => counts?.Percentile(0.95)),
                Each<double>(static counts => counts?.Percentile(0.99))),
            Limits = question.By == UsageBy.Budget ? _limits.Answer() : null,
        };
    }

    private T?[] Each<T>(Func<DurationCounts?, T?> of) where T : struct =>
        [.. _results.Select((counts, point) => _hasResults[point] ? of(counts) : null)];

    private static UsageResults ResultsOf(IEnumerable<DurationCounts?> parts)
    {
        var sum = new DurationCounts();
        foreach (var part in parts.OfType<DurationCounts>())
            sum.Add(part);
        return new UsageResults(
            sum.Count, sum.Errors, sum.Percentile(0.5), sum.Percentile(0.95), sum.Percentile(0.99));
    }

    private void AddResults(int point, in UsageKey key, DurationCounts durations)
    {
        (_results[point] ??= new DurationCounts()).Add(durations);
        if (question.By != UsageBy.Outcome)
            Row(key, caller: default).Results.Add(durations);
    }

    private string Source() => question.NeedsLog ? "audit log" : (_hasHours, _hasMinutes) switch
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
                + $"it was killed, and at most {missing.MayLackSeconds} s of its calls are missing, "
                + "or it is cut off from the store and writes them later.";
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
            return [.. sorted.Select(one => RowOf(one.Value, one.Key.Name, one.Key.Within))];
        var rest = new Sums(question.Points);
        foreach (var (_, sums) in others)
            rest.Add(sums);
        return
        [
            .. sorted.Except(others).Select(one => RowOf(one.Value, one.Key.Name, one.Key.Within)),
            RowOf(rest, UsageCounts.Other, null),
        ];
    }

    private UsageRow RowOf(Sums sums, string name, string? within) => question.By == UsageBy.Caller
        ? sums.Row(name, null, _covered) with { CallerIssuer = within }
        : sums.Row(name, within, _covered);

    private bool IsWanted(in UsageKey key)
    {
        if ((question.Server is { } server && server != key.Server)
            || (question.Grant is { } grant && grant != key.Grant)
            || (question.Tool is { } tool && tool != key.Tool)
            || (question.Policy is { } policy && policy != key.Policy))
            return false;
        return May(key.Server);
    }

    private bool May(string server)
    {
        if (!_may.TryGetValue(server, out var isAllowed))
            _may[server] = isAllowed = may(server == UsageCounts.Other ? null : server);
        return isAllowed;
    }

    private Sums Row(in UsageKey key, in CallerNames caller)
    {
        var name = question.By switch
        {
            UsageBy.Server => (null, key.Server),
            UsageBy.Grant => (null, key.Grant),
            UsageBy.Tool => ((string?)key.Server, key.Tool),
            UsageBy.Outcome => (null, key.Outcome),
            UsageBy.Policy => (null, key.Policy.Length > 0 ? key.Policy
                : key.Grant == UsageCounts.Other ? UsageCounts.Other : None),
            // Issuers may have equal subjects.
            UsageBy.Caller => (caller.Issuer, caller.Subject ?? None),
            UsageBy.CallerIssuer => (null, caller.Issuer ?? None),
            UsageBy.CallerClient => (null, caller.Client ?? None),
            UsageBy.CallerActor => (null, caller.Actor ?? None),
            UsageBy.Budget => (null, UsageCounts.Other),
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

        private DurationCounts? _results;

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

        public DurationCounts Results => _results ??= new DurationCounts();

        public void Add(Sums other)
        {
            if (other._results is { } results)
                Results.Add(results);
            for (var point = 0; point < points; point++)
            {
                Add(point, other._calls[point] - other._refused[point], isRefused: false);
                Add(point, other._refused[point], isRefused: true);
            }
        }

        public UsageRow Row(string name, string? server, int[] covered) =>
            new(name, server, Calls, Refused, Shown(_calls, covered), Shown(_refused, covered))
            {
                Results = _results is null ? null : ResultsOf([_results]),
            };

        private static long?[] Shown(long[] counts, int[] covered) =>
            [.. counts.Select((count, point) => covered[point] == 0 ? null : (long?)count)];
    }
}

/// <summary>A run of a frontend whose figures are in a report, or should be.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Run">The id of one start of it.</param>
/// <param name="State">
/// <c>present</c>; <c>ended</c>: an orderly end, no figures are missing; <c>missing</c>: killed, or cut off from the
/// store.
/// </param>
/// <param name="First">The time of its start.</param>
/// <param name="Last">The time of its last write.</param>
/// <param name="MayLackSeconds">For a missing one, the time for which figures are lost if it was killed.</param>
public sealed record UsageFrontend(
    string Name, string Run, string State, DateTimeOffset First, DateTimeOffset Last, int? MayLackSeconds);

/// <summary>The calls of one server, grant, tool, policy, caller or outcome.</summary>
/// <param name="Name">The row's name; <c>(other)</c> for the total of calls without a row of their own.</param>
/// <param name="Server">The tool's server; null if the row is not a tool.</param>
/// <param name="Calls">The number of decisions, including refused ones.</param>
/// <param name="Refused">The number of refused calls.</param>
/// <param name="CallsOverTime">The calls of each point; null for a point without figures.</param>
/// <param name="RefusedOverTime">The refused calls of each point; null for a point without figures.</param>
public sealed record UsageRow(
    string Name,
    string? Server,
    long Calls,
    long Refused,
    IReadOnlyList<long?> CallsOverTime,
    IReadOnlyList<long?> RefusedOverTime)
{
    /// <summary>The caller's issuer; null if the row is not a caller.</summary>
    public string? CallerIssuer { get; init; }

    /// <summary>The results of its calls; absent for an outcome.</summary>
    public UsageResults? Results { get; init; }
}
