using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Audit.Evidence;

namespace Gateway.Admin.Live;

/// <summary>
/// The stream of one viewer, with the place up to which it has seen each log. Pending decisions stay in the logs, so a
/// slow viewer costs no more than a fast one, and is notified that it saw a sample.
/// </summary>
internal sealed class LiveStream(string byOperator)
{
    /// <summary>
    /// The maximum number of decisions per second of all gateways together; of more, it gets the newest.
    /// </summary>
    public const int PerSecondMax = 200;

    /// <summary>Shows that the stream is alive. It has no id, so it does not change where a viewer resumes.</summary>
    public static readonly SseItem<byte[]> Ping = new([.. "{}"u8], "ping");

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private LivePlaces _places = new();
    private LiveView? _sent;
    private string _ownKey = "";
    private long _second;
    private int _left;

    /// <summary>The operator who opened the stream.</summary>
    public string Operator => byOperator;

    /// <summary>Signals that there may be new decisions.</summary>
    public ChannelReader<bool> News => _news.Reader;

    public void Wake() => _news.Writer.TryWrite(true);

    /// <summary>Returns the first event, even if there are no decisions.</summary>
    /// <param name="places">The places up to which the viewer has seen each log before.</param>
    /// <param name="own">The key of this gateway's log in the ids.</param>
    /// <param name="page">The decisions here since then, and the place at their end.</param>
    /// <param name="view">The other gateways.</param>
    public List<SseItem<byte[]>> Begin(
        LivePlaces places, string own, (IReadOnlyList<JsonElement> Records, LogPlace To, bool IsSampled) page,
        LiveView view)
    {
        (_places, _ownKey, _sent) = (places, own, view);
        _places.Set(own, page.To);
        // Their earlier decisions are available in their records.
        foreach (var (_, log) in view.Others)
            _places.Set(log.Key, _places.Find(log.Key) ?? log.To);
        return [Event(view, view.Own, page.Records, page.IsSampled, isWithFrontends: true)];
    }

    /// <summary>Returns the next events; empty if there are none.</summary>
    public List<SseItem<byte[]>> Next(LiveLog own, LiveView view, long second)
    {
        if (second != _second)
            (_second, _left) = (second, PerSecondMax);
        List<SseItem<byte[]>> events = [];
        Add(events, view, view.Own, _ownKey, own);
        foreach (var (name, log) in view.Others)
            Add(events, view, name, log.Key, log);
        if (_sent is null || !_sent.Frontends.Equals(view.Frontends))
            events.Add(Event(view, view.Own, [], isSampled: false, isWithFrontends: true));
        if (!ReferenceEquals(_sent, view))
            _places.Keep(new HashSet<string>([_ownKey, .. view.Others.Select(static one => one.Log.Key)]));
        _sent = view;
        return events;
    }

    private void Add(List<SseItem<byte[]>> events, LiveView view, string name, string key, LiveLog log)
    {
        if (_places.Find(key) is not { } place)
            _places.Set(key, place = log.Began);
        if (log.To <= place)
            return;
        var (records, isSampled) = log.Since(place);
        _places.Set(key, log.To);
        var newest = records.TakeLast(_left).ToList();
        _left -= newest.Count;
        if (newest.Count > 0 || isSampled || records.Count > 0)
            events.Add(Event(view, name, newest, isSampled || newest.Count < records.Count, isWithFrontends: false));
    }

    private SseItem<byte[]> Event(
        LiveView view, string name, IReadOnlyList<JsonElement> records, bool isSampled, bool isWithFrontends)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("frontend", name);
            json.WriteBoolean("sampled", isSampled);
            json.WriteStartArray("items");
            foreach (var record in records)
                record.WriteTo(json);
            json.WriteEndArray();
            if (isWithFrontends && !view.IsAlone)
                Write(json, view);
            json.WriteEndObject();
        }

        return new(buffer.WrittenSpan.ToArray()) { EventId = _places.ToString() };
    }

    private static void Write(Utf8JsonWriter json, LiveView view)
    {
        json.WriteStartArray("frontends");
        foreach (var frontend in view.Frontends)
        {
            json.WriteStartObject();
            json.WriteString("name", frontend.Name);
            json.WriteString("state", frontend.State);
            if (frontend.Since is { } since)
                json.WriteString("since", since);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
