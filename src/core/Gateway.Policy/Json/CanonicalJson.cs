using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Policy.Json;

/// <summary>
/// Produces one text for all spellings of the same JSON value, after RFC 8785: no white space, members in the order of
/// their UTF-16 units, the fewest escapes; numbers by <see cref="CanonicalNumber"/>.
/// </summary>
public static class CanonicalJson
{
    /// <summary>Returns the text of a whole document, in UTF-8.</summary>
    /// <param name="json">One JSON value without duplicate keys and without unpaired surrogates.</param>
    /// <param name="depthMax">The deepest nesting that was accepted.</param>
    public static byte[] Of(ReadOnlyMemory<byte> json, int depthMax)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = depthMax });
        return Of(document.RootElement);
    }

    /// <summary>Returns the text of one value, in UTF-8.</summary>
    /// <exception cref="InvalidOperationException">A string contains an unpaired surrogate.</exception>
    public static byte[] Of(JsonElement value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, text);
                break;
            case JsonValueKind.Array:
                WriteArray(value, text);
                break;
            case JsonValueKind.String:
                WriteString(value.GetString()!, text);
                break;
            case JsonValueKind.Number:
                text.Append(CanonicalNumber.Of(value.GetRawText()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteObject(JsonElement value, StringBuilder text)
    {
        text.Append('{');
        var separator = "";
        foreach (var member in value.EnumerateObject().OrderBy(static m => m.Name, StringComparer.Ordinal))
        {
            text.Append(separator);
            WriteString(member.Name, text);
            text.Append(':');
            Write(member.Value, text);
            separator = ",";
        }

        text.Append('}');
    }

    private static void WriteArray(JsonElement value, StringBuilder text)
    {
        text.Append('[');
        var separator = "";
        foreach (var item in value.EnumerateArray())
        {
            text.Append(separator);
            Write(item, text);
            separator = ",";
        }

        text.Append(']');
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
