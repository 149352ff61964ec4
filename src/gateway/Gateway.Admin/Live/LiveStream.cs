using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Audit.Evidence;

namespace Gateway.Admin.Live;

/// <summary>
/// One reader: how far it has seen each log. What it has not taken yet is in the logs, so a slow one costs no more than
/// a quick one, and is told that it saw a sample.
/// </summary>
internal sealed class LiveStream(string byOperator)
{
    /// <summary>Decisions a second of all gateways together; it is told of the newest.</summary>
    public const int PerSecondMax = 200;

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private LivePlaces _places = new();
    private LiveView? _told;
    private string _ownKey = "";
    private long _second;
    private int _left;

    /// <summary>Whose it is.</summary>
    public string Operator => byOperator;

    /// <summary>Once there is something to look at.</summary>
    public ChannelReader<bool> News => _news.Reader;

    public void Wake() => _news.Writer.TryWrite(true);

    /// <summary>The first event, whatever there is.</summary>
    /// <param name="places">How far the reader has seen each log before.</param>
    /// <param name="own">The key of this gateway's log in the ids.</param>
    /// <param name="page">What was decided here since then, and up to where.</param>
    /// <param name="view">The other gateways.</param>
    public byte[] Begin(
        LivePlaces places, string own, (IReadOnlyList<JsonElement> Records, LogPlace To, bool IsSampled) page,
        LiveView view)
    {
        (_places, _ownKey, _told) = (places, own, view);
        _places.Set(own, page.To);
        // What they decided before is their records' to tell.
        foreach (var (_, log) in view.Others)
            _places.Set(log.Key, _places.Find(log.Key) ?? log.To);
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, view, view.Own, page.Records, page.IsSampled, isWithFrontends: true);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The events of what is new; empty where nothing is.</summary>
    public byte[] Next(LiveLog own, LiveView view, long second)
    {
        if (second != _second)
            (_second, _left) = (second, PerSecondMax);
        var buffer = new ArrayBufferWriter<byte>();
        Add(buffer, view, view.Own, _ownKey, own);
        foreach (var (name, log) in view.Others)
            Add(buffer, view, name, log.Key, log);
        if (_told is null || !_told.Frontends.Equals(view.Frontends))
            Write(buffer, view, view.Own, [], isSampled: false, isWithFrontends: true);
        if (!ReferenceEquals(_told, view))
            _places.Keep(new HashSet<string>([_ownKey, .. view.Others.Select(static one => one.Log.Key)]));
        _told = view;
        return buffer.WrittenSpan.ToArray();
    }

    private void Add(ArrayBufferWriter<byte> buffer, LiveView view, string name, string key, LiveLog log)
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
            Write(buffer, view, name, newest, isSampled || newest.Count < records.Count, isWithFrontends: false);
    }

    private void Write(
        ArrayBufferWriter<byte> buffer, LiveView view, string name, IReadOnlyList<JsonElement> records, bool isSampled,
        bool isWithFrontends)
    {
        buffer.Write(Encoding.UTF8.GetBytes($"id: {_places}\ndata: "));
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

        buffer.Write("\n\n"u8);
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
