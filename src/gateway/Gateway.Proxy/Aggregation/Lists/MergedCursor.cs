using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Gateway.Proxy.Aggregation.Lists;

/// <summary>The position in a merged list: the servers with more entries, each with its own cursor.</summary>
/// <param name="Page">The number of previous pages.</param>
/// <param name="Servers">The servers' own cursors.</param>
internal sealed record MergedCursor(int Page, IReadOnlyDictionary<string, string> Servers)
{
    /// <summary>The maximum length of a server's cursor; a longer one ends its list.</summary>
    public const int ServerCursorCharsMax = 1024;

    private const int CharsMax = 256 * 1024;

    public string Write()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("p", Page);
            json.WriteStartObject("s");
            foreach (var (server, cursor) in Servers)
                json.WriteString(server, cursor);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    /// <summary>Parses a cursor; returns null if it was not made here.</summary>
    public static MergedCursor? Read(string text)
    {
        if (text.Length > CharsMax)
            return null;
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            var servers = json.RootElement.GetProperty("s").EnumerateObject().DistinctBy(static one => one.Name)
                .ToDictionary(static one => one.Name, static one => one.Value.GetString()!, StringComparer.Ordinal);
            var page = json.RootElement.GetProperty("p").GetInt32();
            return page > 0 && servers.Values.All(static cursor => cursor is { Length: <= ServerCursorCharsMax })
                ? new(page, servers) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException
            or KeyNotFoundException)
        {
            return null;
        }
    }
}
