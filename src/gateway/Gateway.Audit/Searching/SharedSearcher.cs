using System.Diagnostics.CodeAnalysis;
using Gateway.Audit.Reading;

namespace Gateway.Audit.Searching;

/// <summary>
/// Searches the records of all gateways that ship to one table, as <see cref="RecordSearcher"/> searches the log of
/// this one. Recorded values of arguments are not there: each gateway keeps its own.
/// </summary>
/// <param name="records">The records.</param>
/// <param name="time">Measures budgets.</param>
public sealed class SharedSearcher(ISharedRecords records, TimeProvider time)
{
    /// <summary>Returns the newest matching records before a place.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="cursor">
    /// The <see cref="FoundRecords.Next"/> of the previous page; null for the newest records.
    /// </param>
    /// <param name="limit">Maximum number of records.</param>
    /// <param name="budget">Time after which an incomplete page is returned.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public async Task<FoundRecords> FindAsync(
        RecordFilter filter, string? cursor, int limit, TimeSpan budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (begun, reached) = (time.GetTimestamp(), 0L);
        var fields = new RecordFields(filter.Words);
        var found = new List<FoundRecord>();
        var next = await records.VisitAsync(
            filter.ToScan(), cursor, line =>
            {
                if (fields.TryRead(line))
                {
                    reached = fields.TimeMs;
                    if (filter.Accepts(fields))
                        found.Add(new FoundRecord(fields.TimeMs, line));
                }

                return found.Count < limit && time.GetElapsedTime(begun) < budget;
            },
            cancellation).ConfigureAwait(false);
        return new FoundRecords(found, next, reached);
    }

    /// <summary>Counts the newest matching records by the values of their members.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="budget">Time after which counts cover only the newest records.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public async Task<RecordFacets> CountAsync(RecordFilter filter, TimeSpan budget, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var (begun, reached) = (time.GetTimestamp(), 0L);
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var fields = new RecordFields(filter.Words);
        var counts = new FacetCounts(
            filter.FromMs ?? await OldestAsync(cancellation).ConfigureAwait(false) ?? nowMs - 1,
            Math.Min(filter.ToMs ?? long.MaxValue, nowMs + 1));
        var next = await records.VisitAsync(
            filter.ToScan(), before: null, line =>
            {
                if (fields.TryRead(line))
                {
                    reached = fields.TimeMs;
                    if (filter.Accepts(fields))
                        counts.Add(fields);
                }

                return counts.Matched < RecordSearcher.CountedMax && time.GetElapsedTime(begun) < budget;
            },
            cancellation).ConfigureAwait(false);
        return counts.ToFacets(isComplete: next is null, reached);
    }

    /// <summary>
    /// Returns the records of one call or of one request for approval, and of those that belong to it, in the order of
    /// their times.
    /// </summary>
    /// <param name="id">The id of the call or of the request.</param>
    /// <param name="around">An instant near the call, which bounds the records to read; null for all.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="IOException">The table cannot be read.</exception>
    public async Task<IReadOnlyList<FoundRecord>> CallAsync(
        string id, DateTimeOffset? around, CancellationToken cancellation)
    {
        var (found, ids) = (new Dictionary<string, FoundRecord>(StringComparer.Ordinal), new CallIds(id));
        // The table has an index of calls, so that the first record tells the time of the others.
        if (around is null)
            await VisitAsync(new SharedScan([("callId", id)], [], null, null)).ConfigureAwait(false);
        var known = around?.ToUnixTimeMilliseconds()
            ?? found.Values.Select(static one => (long?)one.TimeMs).FirstOrDefault();
        var range = known is { } ms ? CallIds.Range(DateTimeOffset.FromUnixTimeMilliseconds(ms)) : new RecordFilter();
        while (ids.TryNext(out var next))
        {
            await VisitAsync(new SharedScan([], [RecordFilter.Quoted(next)], range.FromMs, range.ToMs))
                .ConfigureAwait(false);
        }

        return [.. found.Values.OrderBy(static one => one.TimeMs)];

        Task VisitAsync(SharedScan scan) => records.VisitAsync(
            scan, before: null, line =>
            {
                if (ids.Read(line) is { } record)
                    found[System.Text.Encoding.UTF8.GetString(line)] = record;
                return true;
            },
            cancellation);
    }

    private async Task<long?> OldestAsync(CancellationToken cancellation)
    {
        var page = await records.ReadAsync(new AuditQuery(), null, 1, cancellation).ConfigureAwait(false);
        return page.Items is [var oldest] && oldest.TryGetProperty("time", out var at)
            && at.TryGetDateTimeOffset(out var time) ? time.ToUnixTimeMilliseconds() : null;
    }
}

/// <summary>
/// The ids of a call and of what belongs to it: a call that was suspended, its request for approval, and the call that
/// proceeded. The numbers of ids and of records are bounded.
/// </summary>
internal sealed class CallIds(string id)
{
    private const int RecordsMax = 500;
    private const int IdsMax = 6;
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);
    private readonly RecordFields _fields = new([]);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _wanted = new([id]);
    private string _now = id;
    private int _records;

    /// <summary>The time range in which the records of a call lie.</summary>
    public static RecordFilter Range(DateTimeOffset call) => new()
    {
        FromMs = (call - Around).ToUnixTimeMilliseconds(),
        ToMs = (call + Around).ToUnixTimeMilliseconds(),
    };

    /// <summary>Gets the next id whose records are to be read.</summary>
    public bool TryNext([NotNullWhen(true)] out string? next)
    {
        while (_known.Count < IdsMax && _wanted.TryDequeue(out next))
        {
            if (!_known.Add(next))
                continue;
            (_now, _records) = (next, 0);
            return true;
        }

        next = null;
        return false;
    }

    /// <summary>Returns a line's record if it has the id that is read; the other ids in it are read later.</summary>
    public FoundRecord? Read(ReadOnlySpan<byte> line)
    {
        if (_records >= RecordsMax || !_fields.TryRead(line) || (_fields.CallId != _now && _fields.ApprovalId != _now))
            return null;
        _records++;
        foreach (var other in new[] { _fields.ApprovalId, _fields.CallId }.OfType<string>())
            _wanted.Enqueue(other);
        return new FoundRecord(_fields.TimeMs, line.ToArray());
    }
}
