using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Gateway.Proxy.Aggregation.Raw;

/// <summary>
/// The id of a server's own request as the client sees it: it says whose it is, so that the client's answer finds back
/// through any frontend, and two servers may use one id.
/// </summary>
internal static class RoutedId
{
    private const char Joint = '~';

    /// <summary>The id, or the progress token, of a server, as JSON.</summary>
    public static byte[] Wrap(string server, ReadOnlySpan<byte> raw) =>
        Encoding.ASCII.GetBytes($"\"{server}{Joint}{Base64Url.EncodeToString(raw)}\"");

    /// <summary>The server, and what it gave as JSON; null for what was not made here.</summary>
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
