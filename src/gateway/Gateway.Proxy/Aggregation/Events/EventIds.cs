using System.Buffers;
using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;

namespace Gateway.Proxy.Aggregation.Events;

/// <summary>
/// The event ids that a client receives. In a stream of one server, an id names the server. In a merged stream, each id
/// contains the position of every server, so that all of them resume where the client stopped.
/// </summary>
internal sealed class EventIds
{
    private const char Joint = '~';
    private const int IdCharsMax = 4096;
    private readonly ConcurrentDictionary<string, string> _last = new(StringComparer.Ordinal);

    /// <summary>Returns the id for a stream of one server.</summary>
    public static string Of(string server, string id) => $"{server}{Joint}{id}";

    /// <summary>Returns the id for a merged stream.</summary>
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
    /// Returns the position of each server's stream after an id; <paramref name="isOne"/> is true for a stream of one
    /// server. Returns null for an id that was not made here.
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
