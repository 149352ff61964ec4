using System.Text.Json;

namespace Gateway.Mcp.Writing;

/// <summary>Finds and replaces values in a JSON text without changing any other byte.</summary>
public static class RawJson
{
    /// <summary>Maximum nesting that this class reads: deeper than any message that the gateway accepts.</summary>
    public const int DepthMax = 1001;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = DepthMax };

    /// <summary>Returns the position of the value at a path of member names; null if it is absent.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static Range? Find(ReadOnlySpan<byte> json, params ReadOnlySpan<string> path)
    {
        var reader = new Utf8JsonReader(json, Deep);
        reader.Read();
        foreach (var name in path)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                return null;
            var isFound = false;
            while (!isFound && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                isFound = reader.ValueTextEquals(name);
                reader.Read();
                if (!isFound)
                    reader.Skip();
            }

            if (!isFound)
                return null;
        }

        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }

    /// <summary>Returns the text with another value at a position that <see cref="Find"/> returned.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> json, Range place, ReadOnlySpan<byte> value) =>
        [.. json[..place.Start.Value], .. value, .. json[place.End.Value..]];

    /// <summary>Returns the text without the member <paramref name="name"/> of the object in <paramref name="parent"/>.
    /// </summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static byte[] Without(ReadOnlySpan<byte> json, string parent, string name)
    {
        if (Find(json, parent) is not { } place)
            return json.ToArray();
        var start = place.Start.Value;
        var reader = new Utf8JsonReader(json[place], Deep);
        reader.Read();
        var before = (int)reader.BytesConsumed;
        for (var isFirst = true; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; isFirst = false)
        {
            var (isFound, from) = (reader.ValueTextEquals(name), (int)reader.TokenStartIndex);
            reader.Read();
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            if (isFound)
            {
                // Remove the comma before the member, or the comma after it if the member is the first.
                if (isFirst && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    end = (int)reader.TokenStartIndex;
                return [.. json[..(start + (isFirst ? from : before))], .. json[(start + end)..]];
            }

            before = end;
        }

        return json.ToArray();
    }

    /// <summary>Returns the value of a JSON string.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static string String(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>Returns a string as JSON, with its quotes.</summary>
    public static byte[] Text(string text) => [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];
}
