using System.Buffers;
using System.Text.Json;
using Gateway.Audit.Records;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// Audit records of kind <c>change</c>: the actor, the action, and the state before and after, without secrets.
/// </summary>
internal static class ChangeRecord
{
    /// <summary>The limit for documents in a record; of a longer one, the record only has the length.</summary>
    private const int DocumentBytesMax = 64 * 1024;

    public static byte[] Made(string id, long nowMs, Actor by, DocumentChange change)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteHead(json, id, nowMs);
            by.Write(json);
            json.WriteString("action", change.Action);
            json.WriteString("object", change.Key.ToString());
            if (change.Reason is { } reason)
                json.WriteString("reason", reason);
            if (change.Frontend is { } frontend)
                json.WriteString("frontend", frontend);
            WriteTexts(json, "objects", change.Objects);
            WriteTexts(json, "changes", change.Changes);
            Write(json, "before", change.Before);
            Write(json, "after", change.After);
            json.WriteEndObject();
        }

        return Line(buffer);
    }

    public static byte[] Failed(string id, long nowMs, string why)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteHead(json, id, nowMs);
            json.WriteString("failed", why);
            json.WriteEndObject();
        }

        return Line(buffer);
    }

    private static void WriteHead(Utf8JsonWriter json, string id, long nowMs)
    {
        json.WriteString("kind", "change");
        json.WriteString("time", RefusalJson.Time(nowMs));
        json.WriteString("changeId", id);
    }

    private static void Write(Utf8JsonWriter json, string member, byte[]? document)
    {
        if (document is null)
            return;
        json.WritePropertyName(member);
        if (document.Length > DocumentBytesMax)
        {
            json.WriteStringValue($"{document.Length} bytes");
            return;
        }

        // Parsed and written again: a record is one line, and the document may have many.
        using var parsed = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 256 });
        parsed.RootElement.WriteTo(json);
    }

    private static void WriteTexts(Utf8JsonWriter json, string member, IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return;
        json.WriteStartArray(member);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static byte[] Line(ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
