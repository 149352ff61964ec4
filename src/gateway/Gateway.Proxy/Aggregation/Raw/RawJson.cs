using System.Text.Json;

namespace Gateway.Proxy.Aggregation.Raw;

/// <summary>Looks up one value of a JSON text, and puts another in its place; every other byte stays.</summary>
internal static class RawJson
{
    /// <summary>Deeper than any message that is let in.</summary>
    public const int DepthMax = 1001;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = DepthMax };

    /// <summary>Where the value at a path of member names stands; null where it is absent.</summary>
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

    /// <summary>The text with another value at a place that <see cref="Find"/> gave.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> json, Range place, ReadOnlySpan<byte> value) =>
        [.. json[..place.Start.Value], .. value, .. json[place.End.Value..]];

    /// <summary>The text without one member of an object that is a member of its own; every other byte stays.</summary>
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
                // With the comma before it, or of the first one with that after it.
                if (isFirst && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    end = (int)reader.TokenStartIndex;
                return [.. json[..(start + (isFirst ? from : before))], .. json[(start + end)..]];
            }

            before = end;
        }

        return json.ToArray();
    }

    /// <summary>The text of a JSON string.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static string String(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.GetString()!;
    }

    /// <summary>A string as JSON.</summary>
    public static byte[] Text(string text) => [(byte)'"', .. JsonEncodedText.Encode(text).EncodedUtf8Bytes, (byte)'"'];
}
