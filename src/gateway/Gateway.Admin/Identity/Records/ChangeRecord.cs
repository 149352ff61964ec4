using System.Buffers;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;

namespace Gateway.Admin.Identity.Records;

/// <summary>
/// Audit records of kind <c>change</c>: the actor, the action, and the state before and after, without secrets.
/// </summary>
internal static class ChangeRecord
{
    /// <summary>The limit for documents in a record; of a longer one, the record only has the length.</summary>
    private const int DocumentBytesMax = 64 * 1024;

    /// <param name="id">The id of the change.</param>
    /// <param name="nowMs">The current time, Unix milliseconds.</param>
    /// <param name="by">The identity that makes it.</param>
    /// <param name="change">The change.</param>
    /// <param name="subjects">The form of subjects in records.</param>
    public static byte[] Made(
        string id, long nowMs, Actor by, DocumentChange change, RecordedSubjects subjects)
    {
        var person = change.Key.Kind == ControlKinds.Pauses ? PersonOf(change.After ?? change.Before) : null;
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
            Write(json, "before", change.Before, person is not null);
            Write(json, "after", change.After, person is not null);
            json.WriteEndObject();
        }

        return person is { } one
            ? AuditEncoder.WithCaller(
                buffer.WrittenSpan, one.Issuer, subjects.OfNamed(one.Issuer, one.Subject))
            : Line(buffer);
    }

    /// <summary>Returns the person whose calls a pause refuses; null for another pause.</summary>
    private static (string Issuer, string Subject)? PersonOf(byte[]? pause)
    {
        if (pause is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize(pause, ControlJsonContext.Default.PauseDocument)
                is { Issuer: { } issuer, Subject: { } subject } ? (issuer, subject) : null;
        }
        catch (JsonException)
        {
            return null;
        }
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

    // The evidence covers documents, so a person's subject is at the end of the record instead.
    private static void Write(Utf8JsonWriter json, string member, byte[]? document, bool isOfPerson)
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
        if (!isOfPerson)
        {
            parsed.RootElement.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var one in parsed.RootElement.EnumerateObject().Where(static one => one.Name != "subject"))
            one.WriteTo(json);
        json.WriteEndObject();
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
