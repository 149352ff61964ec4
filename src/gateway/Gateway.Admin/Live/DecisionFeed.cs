using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Audit.Evidence;
using Gateway.Audit.Reading;
using Gateway.Audit.Writing;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Live;

/// <summary>
/// Reads the decisions of this gateway's log as they are written, once for all viewers, and only while there is one.
/// Beyond a maximum rate it skips decisions and reports that, so that viewing costs calls almost nothing.
/// </summary>
internal sealed partial class DecisionFeed(
    AuditLogOptions options, AuditLog audit, LiveStreams streams, TimeProvider time, ILogger<DecisionFeed> logger)
{
    public const int PerSecondMax = 50;

    /// <summary>The number of marks that it keeps: a few seconds at the maximum rate, or hours at a low one.</summary>
    public const int MarksMax = 200;

    // The limit for the text of all marks.
    private const int BytesMax = 128 * 1024;
    // The amount of earlier log that is read, for viewers that reconnect.
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

    /// <summary>The id of the log, which is stable across restarts.</summary>
    public string Writer { get; } = audit.Evidence?.Writer ?? Guid.NewGuid().ToString("N");

    /// <summary>True while another gateway has a viewer of this gateway's decisions.</summary>
    public bool IsWatched { get; set; }

    /// <summary>The newest part of the log; null while nobody views it.</summary>
    public LiveLog? Log => _log;

    /// <summary>Follows the log from now on, as long as somebody views it.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
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
    /// Returns the decisions since a place, for a viewer that reconnects; only the first ones if there are many. Null
    /// stands for the end of the log.
    /// </summary>
    public (IReadOnlyList<JsonElement> Records, LogPlace To, bool IsSampled) Since(LogPlace? place)
    {
        if (place is not { } from)
            return ([], End(), false);
        var page = _reader.Read(Decisions, AuditReader.Cursor(from), MarksMax);
        var end = page.More ? End() : Place(page.Next);
        return (page.Items, end, page.More && end != Place(page.Next));
    }

    /// <summary>Reads the next decisions. Returns false if there are none.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
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

    /// <summary>Shows new viewers the decisions since an instant, as far as they are kept.</summary>
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
        // If there are more records than that, start at the end of the log.
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
        // Skip the rest if there is more.
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

/// <summary>A decision in a log, or a skipped part of it.</summary>
/// <param name="At">The place at which it begins.</param>
/// <param name="Record">The record in the log; null for a skipped part.</param>
internal sealed record LiveMark(LogPlace At, JsonElement? Record)
{
    /// <summary>The length of its text in UTF-16 units.</summary>
    [JsonIgnore]
    public int Length { get; } = Record?.GetRawText().Length ?? 0;
}
