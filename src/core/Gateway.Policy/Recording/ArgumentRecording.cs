using System.Buffers;
using System.Text.Json;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Recording;

/// <summary><c>record_arguments</c>: the values of a call to record, so that it can be evaluated again.</summary>
public sealed class ArgumentRecording
{
    private readonly RecordedTree _kept;

    private ArgumentRecording(RecordedTree kept) => _kept = kept;

    /// <summary>Records all values except those whose names look like secrets.</summary>
    public static ArgumentRecording All { get; } = new(RecordedTree.Whole);

    internal static ArgumentRecording Of(IEnumerable<ArgumentPath> paths) => new(RecordedTree.Of(paths));

    /// <summary>
    /// Returns the recorded values of a call, in the format of <see cref="RecordedArguments.Read"/>; null if they
    /// exceed <see cref="PolicyBounds.RecordedBytesMax"/>, or if the arguments cannot be read.
    /// </summary>
    /// <param name="arguments">A JSON object; empty if there is none.</param>
    public byte[]? Keep(ReadOnlyMemory<byte> arguments)
    {
        if (arguments.Length > PolicyBounds.RecordedReadMax)
            return null;
        var buffer = new ArrayBufferWriter<byte>(512);
        var left = new List<string>();
        try
        {
            using var json = new Utf8JsonWriter(buffer);
            json.WriteStartObject();
            json.WritePropertyName("arguments"u8);
            if (arguments.IsEmpty)
            {
                json.WriteStartObject();
                json.WriteEndObject();
            }
            else
            {
                var options = new JsonReaderOptions { MaxDepth = PolicyBounds.ArgumentsDepthMax };
                var reader = new Utf8JsonReader(arguments.Span, options);
                reader.Read();
                Copy(ref reader, json, _kept, "", left);
            }

            json.WriteStartArray("left"u8);
            foreach (var pointer in left)
                json.WriteStringValue(pointer);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Text that is not JSON, or a string that is not valid Unicode.
            return null;
        }

        return buffer.WrittenCount <= PolicyBounds.RecordedBytesMax ? buffer.WrittenSpan.ToArray() : null;
    }

    private static void Copy(
        ref Utf8JsonReader reader, Utf8JsonWriter json, RecordedTree? kept, string pointer, List<string> left)
    {
        if (kept is null || (!kept.IsWhole && reader.TokenType is not (JsonTokenType.StartObject
            or JsonTokenType.StartArray)))
        {
            left.Add(pointer);
            json.WriteNullValue();
            reader.Skip();
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                json.WriteStartObject();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    json.WritePropertyName(name);
                    reader.Read();
                    Copy(ref reader, json, kept.Member(name), JsonPointer.Append(pointer, name), left);
                }

                json.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                json.WriteStartArray();
                for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
                    Copy(ref reader, json, kept.Element(index), JsonPointer.Append(pointer, index), left);
                json.WriteEndArray();
                break;
            case JsonTokenType.String:
                json.WriteStringValue(reader.GetString());
                break;
            default:
                // Numbers are kept as written: nothing is rounded.
                json.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
