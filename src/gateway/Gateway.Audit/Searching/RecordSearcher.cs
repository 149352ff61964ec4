using System.Text.Json;
using Gateway.Audit.Evidence;
using Gateway.Audit.Reading;
using Gateway.Mcp.Protocol;

namespace Gateway.Audit.Searching;

/// <summary>One record that matches a search.</summary>
/// <param name="TimeMs">The time of the record in Unix milliseconds.</param>
/// <param name="Line">The line without its end.</param>
public sealed record FoundRecord(long TimeMs, byte[] Line)
{
    /// <summary>Returns the record as JSON.</summary>
    public JsonElement ToJson() => JsonElement.Parse(Line);
}

/// <summary>Matching records, the newest first.</summary>
/// <param name="Records">The records.</param>
/// <param name="Next">The cursor of the next page; null if nothing older can match.</param>
/// <param name="ReachedMs">
/// The time back to which the log was read, in Unix milliseconds; 0 if nothing was read.
/// </param>
public sealed record FoundRecords(IReadOnlyList<FoundRecord> Records, string? Next, long ReachedMs);

/// <summary>A decision on a tool call, or its result.</summary>
/// <param name="IsResult">True for a result.</param>
/// <param name="TimeMs">The time of the record in Unix milliseconds.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Caller">The caller as recorded; without members for none.</param>
/// <param name="Policy">The policy; null for none, and for a result.</param>
/// <param name="Outcome">The outcome of the decision, or the end of the call.</param>
/// <param name="DurationMs">The duration of a call with a result.</param>
/// <param name="IsFailed">True if the call failed.</param>
public readonly record struct CallFacts(
    bool IsResult, long TimeMs, string Grant, string Server, string Tool, CallerNames Caller, string? Policy,
    string Outcome, long DurationMs, bool IsFailed)
{
    /// <summary>
    /// The shared budgets that the decision charged, or the one that refused it; empty unless they are read.
    /// </summary>
    public IReadOnlyList<string> Budgets { get; init; } = [];
}

/// <summary>
/// Searches the audit log of this gateway by reading its files, the newest first. Memory is bounded by one part of a
/// file and one page, and time by a budget: a search that exceeds it returns the place from which to continue.
/// </summary>
/// <param name="directory">The directory of the log.</param>
/// <param name="time">Measures the budget.</param>
public sealed class RecordSearcher(string directory, TimeProvider time)
{
    /// <summary>Maximum number of counted matches; beyond this, counts cover the newest part of the log.</summary>
    public const int CountedMax = 100_000;

    /// <summary>Returns the newest matching records before a place.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="cursor">
    /// The <see cref="FoundRecords.Next"/> of the previous page; null for the newest records.
    /// </param>
    /// <param name="limit">Maximum number of records.</param>
    /// <param name="budget">Time after which an incomplete page is returned.</param>
    /// <param name="cancellation">Ends the search.</param>
    public FoundRecords Find(
        RecordFilter filter, string? cursor, int limit, TimeSpan budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var begun = time.GetTimestamp();
        var fields = new RecordFields(filter.Words);
        var found = new List<(LogPlace Place, FoundRecord Record)>();
        var part = new Queue<(LogPlace, FoundRecord)>();
        var scan = new LogScan(directory, filter.Needles());
        var next = scan.Run(
            filter, AuditReader.Place(cursor),
            (at, line) =>
            {
                if (!fields.TryRead(line) || !filter.Accepts(fields))
                    return;
                part.Enqueue((at, new FoundRecord(fields.TimeMs, line.ToArray())));
                if (part.Count > limit - found.Count)
                    part.Dequeue();
            },
            () =>
            {
                found.AddRange(part.Reverse());
                part.Clear();
                return found.Count < limit && time.GetElapsedTime(begun) < budget;
            },
            cancellation);
        if (found.Count == limit)
            next = found[^1].Place;
        // A call that waited is written late; the page shows records by their time.
        return new FoundRecords(
            [.. found.Select(static one => one.Record).OrderByDescending(static one => one.TimeMs)],
            next is { } place ? AuditReader.Cursor(place) : null, scan.ReachedMs);
    }

    /// <summary>Counts the newest matching records by the values of their members.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="budget">Time after which counts cover only the newest part of the log.</param>
    /// <param name="cancellation">Ends the search.</param>
    public RecordFacets Count(RecordFilter filter, TimeSpan budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var begun = time.GetTimestamp();
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var scan = new LogScan(directory, filter.Needles());
        var counts = new FacetCounts(
            filter.FromMs ?? scan.Begin() ?? nowMs - 1, Math.Min(filter.ToMs ?? long.MaxValue, nowMs + 1));
        var fields = new RecordFields(filter.Words);
        var next = scan.Run(
            filter, before: null,
            (_, line) =>
            {
                if (fields.TryRead(line) && filter.Accepts(fields))
                    counts.Add(fields);
            },
            () => counts.Matched < CountedMax && time.GetElapsedTime(begun) < budget,
            cancellation);
        return counts.ToFacets(isComplete: next is null, scan.ReachedMs);
    }

    /// <summary>
    /// Visits the matching decisions on tool calls and their results, the newest first; returns the time in Unix
    /// milliseconds from which on all are visited, which is the start of the time range or of the log unless the budget
    /// ended before.
    /// </summary>
    /// <param name="filter">The filter; its kinds and method are ignored.</param>
    /// <param name="readsBudgets">True to read <see cref="CallFacts.Budgets"/>.</param>
    /// <param name="budget">Time after which the rest of the log is not read.</param>
    /// <param name="visit">Receives each decision and each result.</param>
    /// <param name="cancellation">Ends the search.</param>
    public long VisitCalls(
        RecordFilter filter, bool readsBudgets, TimeSpan budget, Action<CallFacts> visit,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        filter = filter with { Kinds = ["decision", "outcome"], Method = McpMethods.ToolsCall };
        var begun = time.GetTimestamp();
        var fields = new RecordFields([]) { ReadsBudgets = readsBudgets };
        var scan = new LogScan(directory, filter.Needles());
        var next = scan.Run(
            filter, before: null,
            (_, line) =>
            {
                if (!fields.TryRead(line) || !filter.Accepts(fields))
                    return;
                visit(new CallFacts(
                    fields.Kind == "outcome", fields.TimeMs, fields.Grant ?? "", fields.Server ?? "",
                    fields.Tool ?? "", fields.Caller, fields.Policy, fields.Outcome ?? "", fields.DurationMs ?? 0,
                    fields.IsFailed)
                {
                    Budgets = fields.Budgets,
                });
            },
            () => time.GetElapsedTime(begun) < budget,
            cancellation);
        // Records are nearly in the order of their times.
        return next is not null ? scan.ReachedMs : Math.Max(filter.FromMs ?? 0, scan.Begin() ?? long.MaxValue);
    }

    /// <summary>
    /// Returns the records of one call or of one request for approval, and of those that belong to it: a call that was
    /// suspended, its request, and the call that proceeded. They are in the order of their times; an empty list if the
    /// log has none.
    /// </summary>
    /// <param name="id">The id of the call or of the request.</param>
    /// <param name="around">An instant near the call, which bounds the part of the log to read; null for all.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlyList<FoundRecord> Call(string id, DateTimeOffset? around, CancellationToken cancellation)
    {
        var range = around is { } instant ? CallIds.Range(instant) : new RecordFilter();
        var (found, ids) = (new Dictionary<LogPlace, FoundRecord>(), new CallIds(id));
        while (ids.TryNext(out var next))
        {
            new LogScan(directory, [LineNeedle.Exactly(RecordFilter.Quoted(next))]).Run(
                range, before: null,
                (at, line) =>
                {
                    if (ids.Read(line) is { } record)
                        found[at] = record;
                },
                static () => true, cancellation);
        }

        return [.. found.OrderBy(static one => one.Value.TimeMs).ThenBy(static one => one.Key)
            .Select(static one => one.Value)];
    }
}
