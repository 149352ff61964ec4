using System.Globalization;
using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Events;

/// <summary>
/// The stream of one connected console. Pending changes are merged into one set, so a slow console costs no more than a
/// fast one.
/// </summary>
internal sealed class EventStream(AdminCaller caller, EventTopics mayHear, long revision) : IDisposable
{
    /// <summary>Shows that the stream is alive. It has no id, so it does not change where a client resumes.</summary>
    private static readonly SseItem<string> Ping = new("{}", "ping");

    private readonly Lock _gate = new();
    private readonly SortedSet<string> _kinds = new(StringComparer.Ordinal);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _end = new();
    private EventTopics _topics;
    private long _revision = revision;

    /// <summary>The caller.</summary>
    public AdminCaller Caller => caller;

    /// <summary>The store's revision at the start of the stream.</summary>
    public long Began { get; } = revision;

    /// <summary>Canceled at the end of the stream.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Adds changes to the pending set; an empty set is a heartbeat.</summary>
    public void Notify(EventTopics topics, IEnumerable<string> kinds, long revision)
    {
        lock (_gate)
        {
            _topics |= topics & mayHear;
            if (_topics.HasFlag(EventTopics.Control))
                _kinds.UnionWith(kinds);
            _revision = revision;
        }

        _news.Writer.TryWrite(true);
    }

    /// <summary>Returns the next events; a <c>ping</c> if nothing has changed.</summary>
    public async ValueTask<IReadOnlyList<SseItem<string>>> TakeAsync()
    {
        await _news.Reader.ReadAsync(Ended);
        lock (_gate)
        {
            if (_topics == EventTopics.None)
                return [Ping];
            // Kinds contain only letters and hyphens, so they need no escaping.
            var kinds = $$"""{"kinds":[{{string.Join(',', _kinds.Select(static kind => $"\"{kind}\""))}}]}""";
            List<SseItem<string>> events = [.. Enum.GetValues<EventTopics>()
                .Where(topic => topic != EventTopics.None && _topics.HasFlag(topic))
                .Select(topic => Event(
                    topic.ToString().ToLowerInvariant(), _revision, topic == EventTopics.Control ? kinds : "{}"))];
            _topics = EventTopics.None;
            _kinds.Clear();
            return events;
        }
    }

    public static SseItem<string> Event(string name, long revision, string data) =>
        new(data, name) { EventId = revision.ToString(CultureInfo.InvariantCulture) };

    /// <summary>Ends the stream, because its account or session has changed.</summary>
    public void End()
    {
        try
        {
            // Asynchronously: a continuation closes the stream, and the hub is iterating over its list.
            _ = _end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The stream has just been closed.
        }
    }

    public void Dispose() => _end.Dispose();
}

/// <summary>The data that a console may have to reload.</summary>
[Flags]
internal enum EventTopics
{
    None = 0,

    /// <summary>Servers, policies, grants, lists, operators, the configuration file and the like.</summary>
    Control = 1,

    /// <summary>Requests for approval.</summary>
    Approvals = 2,

    /// <summary>The health of servers, and of this gateway.</summary>
    Health = 4,

    /// <summary>New decisions; at most once every few seconds.</summary>
    Usage = 8,
}
