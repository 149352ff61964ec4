using System.Text.Json;

namespace Gateway.Proxy.Aggregation.Raw;

/// <summary>Looks up one value of a JSON text, and puts another in its place; every other byte stays.</summary>
internal static class RawJson
{
    /// <summary>Where the value at a path of member names stands; null where it is absent.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static Range? Find(ReadOnlySpan<byte> json, params ReadOnlySpan<string> path)
    {
        var reader = new Utf8JsonReader(json);
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

    /// <summary>The text with another value at a place that <see cref="Find"/> gave.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> json, Range place, ReadOnlySpan<byte> value) =>
        [.. json[..place.Start.Value], .. value, .. json[place.End.Value..]];

    /// <summary>A string as JSON.</summary>
    public static byte[] Text(string text) => [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];
}
