using System.Text;
using System.Threading.Channels;
using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Events;

/// <summary>
/// One console that listens. What it has not taken yet is kept as one set: a slow one costs no more than a quick one.
/// </summary>
internal sealed class EventStream(Caller caller, EventTopics mayHear, long revision) : IDisposable
{
    private static readonly byte[] Beat = ":\n\n"u8.ToArray();
    private readonly Lock _gate = new();
    private readonly SortedSet<string> _kinds = new(StringComparer.Ordinal);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _end = new();
    private EventTopics _topics;
    private long _revision = revision;

    /// <summary>Who listens.</summary>
    public Caller Caller => caller;

    /// <summary>The store's revision when it began.</summary>
    public long Began { get; } = revision;

    /// <summary>Set once it is over.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>Keeps what has changed until it is taken; nothing is a sign of life.</summary>
    public void Tell(EventTopics topics, IEnumerable<string> kinds, long revision)
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

    /// <summary>The next events as they are sent; a comment where nothing has changed.</summary>
    public async ValueTask<byte[]> TakeAsync()
    {
        await _news.Reader.ReadAsync(Ended);
        lock (_gate)
        {
            if (_topics == EventTopics.None)
                return Beat;
            var text = new StringBuilder();
            foreach (var topic in Enum.GetValues<EventTopics>())
            {
                if (topic == EventTopics.None || !_topics.HasFlag(topic))
                    continue;
                // Kinds are letters and hyphens, whoever wrote the documents.
                var data = topic == EventTopics.Control
                    ? $$"""{"kinds":[{{string.Join(',', _kinds.Select(static kind => $"\"{kind}\""))}}]}"""
                    : "{}";
                text.Append(Event(topic.ToString().ToLowerInvariant(), _revision, data));
            }

            _topics = EventTopics.None;
            _kinds.Clear();
            return Encoding.UTF8.GetBytes(text.ToString());
        }
    }

    /// <summary>One event on the wire.</summary>
    public static string Event(string name, long revision, string data) =>
        FormattableString.Invariant($"event: {name}\nid: {revision}\ndata: {data}\n\n");

    /// <summary>Ends it: its account or its session is not what it was.</summary>
    public void End()
    {
        try
        {
            // Not here and now: whoever waits for it goes on to close it, and the hub is going through its list.
            _ = _end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just been closed.
        }
    }

    public void Dispose() => _end.Dispose();
}
