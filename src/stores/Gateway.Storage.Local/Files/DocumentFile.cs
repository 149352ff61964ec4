using System.Buffers;
using System.Text.Json;
using Gateway.Control.Documents;

namespace Gateway.Storage.Local.Files;

/// <summary>
/// The file format of a document: <c>{"name": …, "version": …, "content": …}</c>. The content's bytes are preserved
/// exactly.
/// </summary>
internal static class DocumentFile
{
    /// <summary>Maximum depth of arrays and objects in a file, including the envelope.</summary>
    public const int DepthMax = ControlDocument.DepthMax + 1;

    public static ReadOnlyMemory<byte> Write(ControlDocument document)
    {
        var buffer = new ArrayBufferWriter<byte>(document.Content.Length + 256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", document.Key.Name);
            json.WriteNumber("version", document.Version);
            json.WritePropertyName("content");
            json.WriteRawValue(document.Content.Span);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <exception cref="JsonException">The bytes are not such a file.</exception>
    public static ControlDocument Read(string kind, ReadOnlyMemory<byte> file)
    {
        var reader = new Utf8JsonReader(file.Span, new JsonReaderOptions { MaxDepth = DepthMax });
        var (name, version, content) = ("", 0L, ReadOnlyMemory<byte>.Empty);
        var contentAt = -1;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString();
            contentAt = member == "content" ? (int)reader.BytesConsumed : -1;
            reader.Read();
            switch (member)
            {
                case "name": name = reader.GetString() ?? ""; break;
                case "version": version = reader.GetInt64(); break;
                case "content": content = Raw(file, ref reader); break;
                default: throw new JsonException($"the member \"{member}\" is unknown");
            }
        }

        // White space around a document belongs to it: a policy's digest covers every byte that was set.
        if (contentAt >= 0 && reader.TokenType == JsonTokenType.EndObject)
            content = file[contentAt..(int)reader.TokenStartIndex];
        if (name.Length == 0 || version < 1 || content.IsEmpty)
            throw new JsonException("\"name\", \"version\" or \"content\" is missing");
        return new ControlDocument(new ControlKey(kind, name), version, content);
    }

    private static ReadOnlyMemory<byte> Raw(ReadOnlyMemory<byte> file, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return file[start..(int)reader.BytesConsumed];
    }
}
