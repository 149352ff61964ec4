using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Gateway.Proxy.Aggregation.Raw;

/// <summary>
/// The client's view of the id of a server's own request. The id names the server, so that the client's response
/// reaches it through any frontend, and two servers may use the same id.
/// </summary>
internal static class RoutedId
{
    private const char Joint = '~';

    /// <summary>Wraps an id or progress token of a server, as JSON.</summary>
    public static byte[] Wrap(string server, ReadOnlySpan<byte> raw) =>
        Encoding.ASCII.GetBytes($"\"{server}{Joint}{Base64Url.EncodeToString(raw)}\"");

    /// <summary>Returns the server and its original JSON value, or null for an id that was not made here.</summary>
    public static (string Server, byte[] Raw)? Unwrap(ReadOnlySpan<byte> json)
    {
        if (json.Length < 3 || json[0] != '"')
            return null;
        var text = Encoding.UTF8.GetString(json[1..^1]);
        var joint = text.LastIndexOf(Joint);
        if (joint < 0 || !Base64Url.IsValid(text.AsSpan(joint + 1)))
            return null;
        var raw = Base64Url.DecodeFromChars(text.AsSpan(joint + 1));
        return IsId(raw) ? (text[..joint], raw) : null;
    }

    private static bool IsId(ReadOnlySpan<byte> raw)
    {
        try
        {
            var reader = new Utf8JsonReader(raw);
            return reader.Read() && reader.TokenType is JsonTokenType.String or JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
