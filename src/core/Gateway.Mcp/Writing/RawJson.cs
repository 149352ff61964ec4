using System.Buffers;
using System.Text.Json;

namespace Gateway.Mcp.Writing;

/// <summary>Finds and replaces values in a JSON text without changing any other byte.</summary>
public static class RawJson
{
    /// <summary>Maximum nesting that this class reads: deeper than any message that the gateway accepts.</summary>
    public const int DepthMax = 1001;

    /// <summary>Returns the new value of a member: null to keep it, empty to remove it.</summary>
    public delegate byte[]? MemberEdit(string name, ReadOnlySpan<byte> value);

    /// <summary>Returns the new value of an item; null to keep it.</summary>
    public delegate byte[]? ItemEdit(ReadOnlySpan<byte> item);

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

    /// <summary>
    /// Returns an object with edited members; null if nothing changes, or if the value is not an object.
    /// </summary>
    /// <param name="json">The object.</param>
    /// <param name="edit">
    /// Returns the new value of each member: null to keep it, empty to remove it. A name on which readers disagree,
    /// such as one with half of a surrogate pair, is passed as an empty text.
    /// </param>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static byte[]? Edited(ReadOnlySpan<byte> json, MemberEdit edit)
    {
        var reader = new Utf8JsonReader(json, Deep);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        var output = new ArrayBufferWriter<byte>(json.Length);
        var isChanged = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var name = NameOf(ref reader);
            reader.Read();
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = json[from..(int)reader.BytesConsumed];
            var edited = edit(name, value);
            isChanged |= edited is not null;
            if (edited is { Length: 0 })
                continue;
            output.Write(output.WrittenCount == 0 ? "{"u8 : ","u8);
            output.Write(json[start..from]);
            output.Write(edited ?? value);
        }

        if (output.WrittenCount == 0)
            output.Write("{"u8);
        output.Write("}"u8);
        return isChanged ? output.WrittenSpan.ToArray() : null;
    }

    /// <summary>
    /// Returns an array with edited items; null if nothing changes, or if the value is not an array.
    /// </summary>
    /// <inheritdoc cref="Edited" path="/exception"/>
    public static byte[]? EditedItems(ReadOnlySpan<byte> json, ItemEdit edit)
    {
        var reader = new Utf8JsonReader(json, Deep);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return null;
        var output = new ArrayBufferWriter<byte>(json.Length);
        var isChanged = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var from = (int)reader.TokenStartIndex;
            reader.Skip();
            var item = json[from..(int)reader.BytesConsumed];
            var edited = edit(item);
            isChanged |= edited is not null;
            output.Write(output.WrittenCount == 0 ? "["u8 : ","u8);
            output.Write(edited ?? item);
        }

        output.Write(output.WrittenCount == 0 ? "[]"u8 : "]"u8);
        return isChanged ? output.WrittenSpan.ToArray() : null;
    }

    /// <summary>Returns the items of an array; an item that is not text is an empty one.</summary>
    /// <inheritdoc cref="Edited" path="/exception"/>
    public static IReadOnlyList<string> TextsOf(ReadOnlySpan<byte> array)
    {
        var texts = new List<string>();
        EditedItems(array, item =>
        {
            try
            {
                texts.Add(item is [(byte)'"', ..] ? String(item) : "");
            }
            catch (InvalidOperationException)
            {
                texts.Add("");
            }

            return null;
        });
        return texts;
    }

    /// <summary>Returns an object with one more member at its beginning; null if the value is not an object.</summary>
    /// <param name="json">The object.</param>
    /// <param name="member">The member, as JSON.</param>
    public static byte[]? With(ReadOnlySpan<byte> json, ReadOnlySpan<byte> member) =>
        json is [(byte)'{', .. var rest]
            ? [(byte)'{', .. member, .. rest.TrimStart(" \t\r\n"u8) is [(byte)'}', ..] ? ""u8 : ","u8, .. rest]
            : null;

    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
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
