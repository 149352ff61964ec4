using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;

namespace Gateway.Proxy.Aggregation.Events;

/// <summary>
/// Ids of events as the client has them. Of a stream that is one server's they name the server; of several servers' in
/// one each says how far all of them had come, so that all of them go on where the client has stopped.
/// </summary>
internal sealed class EventIds
{
    private const char Joint = '~';
    private const int IdCharsMax = 4096;
    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);

    /// <summary>The id in a stream that is one server's.</summary>
    public static string Of(string server, string id) => $"{server}{Joint}{id}";

    /// <summary>The id in a stream of several.</summary>
    public string Next(string server, string id)
    {
        _last[server] = id;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (one, last) in _last)
                json.WriteString(one, last);
            json.WriteEndObject();
        }

        var all = Joint + Base64Url.EncodeToString(buffer.WrittenSpan);
        return all.Length <= IdCharsMax ? all : Of(server, id);
    }

    /// <summary>
    /// Where each server's stream goes on after an id; <paramref name="isOne"/> where it was one server's stream. Null
    /// for an id that was not made here.
    /// </summary>
    public static Dictionary<string, string>? Read(string id, out bool isOne)
    {
        isOne = !id.StartsWith(Joint);
        var joint = id.IndexOf(Joint, StringComparison.Ordinal);
        if (joint < 0)
            return null;
        if (isOne)
            return new(StringComparer.Ordinal) { [id[..joint]] = id[(joint + 1)..] };
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(id.AsSpan(1)));
            return json.RootElement.EnumerateObject().DistinctBy(static one => one.Name).ToDictionary(
                static one => one.Name, static one => one.Value.GetString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
