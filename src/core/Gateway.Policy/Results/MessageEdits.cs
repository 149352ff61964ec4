using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>Replaces values of a JSON text by strings; every other byte stays unchanged.</summary>
internal sealed class MessageEdits
{
    private const int DepthMax = 512;
    private readonly List<(int Start, int End, string Text)> _edits = [];

    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Adds a replacement. Call this in the order of the text.</summary>
    public void Replace(ReadOnlySpan<byte> json, JsonNode value, string text) =>
        _edits.Add((value.Offset, EndOf(json, value), text));

    public void Write(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var copied = 0;
        foreach (var (start, end, text) in _edits)
        {
            output.Write(json[copied..start]);
            output.Write("\""u8);
            output.Write(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            output.Write("\""u8);
            copied = end;
        }

        output.Write(json[copied..]);
    }

    private static int EndOf(ReadOnlySpan<byte> json, JsonNode value)
    {
        if (value.Kind == JsonKind.Number)
            return value.Offset + value.Text.Length;
        var reader = new Utf8JsonReader(
            json[value.Offset..], isFinalBlock: false, new JsonReaderState(new() { MaxDepth = DepthMax }));
        reader.Read();
        reader.TrySkip();
        return value.Offset + (int)reader.BytesConsumed;
    }
}
