using System.Text.Json;
using Gateway.Audit.Evidence;
using Gateway.Audit.Reading;
using Gateway.Audit.Writing;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Live;

/// <summary>
/// Reads the decisions of this gateway's log as they are written, once for all who look, and while somebody does.
/// Beyond a number a second it passes over the rest and says so, so that looking costs calls next to nothing.
/// </summary>
internal sealed partial class DecisionFeed(
    AuditLogOptions options, AuditLog audit, LiveStreams streams, TimeProvider time, ILogger<DecisionFeed> logger)
{
    public const int PerSecondMax = 50;

    /// <summary>Marks that it keeps: some seconds of the most, hours of a few.</summary>
    public const int MarksMax = 200;

    // Of their text.
    private const int BytesMax = 128 * 1024;
    // So much of what was decided before is looked at, for those who come back.
    private const long BeforeBytes = 256 * 1024;
    private const int BeforeMax = 2000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    private static readonly AuditQuery Decisions = AuditQuery.OfKind("decision");
    private readonly AuditReader _reader = new(options.Directory);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly Lock _gate = new();
    private volatile LiveLog? _log;
    private long _second;
    private int _left;

    /// <summary>Whose log it is: the same over restarts.</summary>
    public string Writer { get; } = audit.Evidence?.Writer ?? Guid.NewGuid().ToString("N");

    /// <summary>Whether somebody looks at another gateway that shows what is decided here.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The newest of it; null where nobody looks.</summary>
    public LiveLog? Log => _log;

    /// <summary>Follows the log from now on, as long as somebody looks.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public LiveLog Follow()
    {
        lock (_gate)
        {
            if (_log is { } followed)
                return followed;
            _log = Begin();
            _ = Task.Run(FollowAsync);
            return _log;
        }
    }

    /// <summary>
    /// What was decided since a place, for who comes back: the first of it, if there was much. Null: from now on.
    /// </summary>
    public (IReadOnlyList<JsonElement> Records, LogPlace To, bool IsSampled) Since(LogPlace? place)
    {
        if (place is not { } from)
            return ([], End(), false);
        var page = _reader.Read(Decisions, AuditReader.Cursor(from), MarksMax);
        var end = page.More ? End() : Place(page.Next);
        return (page.Items, end, page.More && end != Place(page.Next));
    }

    /// <summary>Reads on; false where nothing is new.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool Advance()
    {
        lock (_gate)
        {
            if (_log is not { } log)
                return false;
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            if (now != _second)
                (_second, _left) = (now, PerSecondMax);
            var (marks, to) = Next(log.To);
            if (to != log.To)
                _log = Cut(log with { To = to, Marks = log.Marks.AddRange(marks) });
            return marks.Count > 0;
        }
    }

    /// <summary>Shows those who come anew what was decided from an instant on, as far as it is kept.</summary>
    public void ShowSince(DateTimeOffset instant)
    {
        lock (_gate)
        {
            if (_log is not { } log)
                return;
            var first = log.Marks.FirstOrDefault(mark => mark.Record is { } record
                && record.TryGetProperty("time", out var at) && at.TryGetDateTimeOffset(out var then)
                && then > instant);
            _log = log with { Began = first?.At ?? log.To };
        }
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            await Task.Delay(Step, time);
            lock (_gate)
            {
                if (!IsWatched && !streams.IsAny)
                {
                    _log = null;
                    return;
                }
            }

            try
            {
                if (Advance())
                    streams.Wake();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(e.Message);
            }
        }
    }

    private LiveLog Begin()
    {
        var end = End();
        var from = end with { Offset = Math.Max(0, end.Offset - BeforeBytes) };
        var page = _reader.Read(Decisions, AuditReader.Cursor(from), BeforeMax);
        var now = time.GetUtcNow();
        // More than that is no record of decisions.
        var to = page.More ? end : Place(page.Next);
        return Cut(new LiveLog
        {
            Writer = Writer,
            Name = Environment.MachineName,
            Started = _started,
            At = now,
            From = page.More ? end : from,
            Began = to,
            To = to,
            Marks = page.More ? [] : [.. Marks(page)],
        });
    }

    private (List<LiveMark> Marks, LogPlace To) Next(LogPlace place)
    {
        var page = _left == 0
            ? new AuditPage([], AuditReader.Cursor(place), More: true)
            : _reader.Read(Decisions, AuditReader.Cursor(place), _left);
        _left -= page.Items.Count;
        var marks = Marks(page).ToList();
        var (read, end) = (Place(page.Next), page.More ? End() : Place(page.Next));
        // Where there is more, it is passed over.
        if (end != read)
            marks.Add(new LiveMark(read, null));
        return (marks, end);
    }

    private static LiveLog Cut(LiveLog log)
    {
        var (kept, bytes) = (0, 0);
        foreach (var mark in log.Marks.Reverse())
        {
            bytes += mark.Length;
            if (kept == MarksMax || bytes > BytesMax)
                break;
            kept++;
        }

        return kept == log.Marks.Length ? log : log with
        {
            Marks = log.Marks[^kept..],
            From = kept == 0 ? log.To : log.Marks[^kept].At,
        };
    }

    private static IEnumerable<LiveMark> Marks(AuditPage page) =>
        page.Items.Zip(page.Places, static (record, at) => new LiveMark(at, record));

    private LogPlace End() => Place(_reader.End());

    private static LogPlace Place(string cursor) => AuditReader.Place(cursor)!.Value;

    [LoggerMessage(1, LogLevel.Warning, "The live decisions cannot be read from the audit log: {Why}")]
    private partial void LogUnreadable(string why);
}
