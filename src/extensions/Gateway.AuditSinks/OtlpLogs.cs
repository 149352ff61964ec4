using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

/// <summary>
/// Encodes a batch as an OTLP <c>ExportLogsServiceRequest</c> in JSON (OpenTelemetry protocol 1.7, OTLP/HTTP).
/// </summary>
internal static class OtlpLogs
{
    /// <summary>Members of a record that also become attributes, so that a collector can route by them.</summary>
    private static readonly (string Member, string Attribute)[] Attributes =
    [
        ("kind", "gateway.record.kind"), ("grant", "gateway.grant"), ("server", "gateway.server"),
        ("tool", "gen_ai.tool.name"), ("method", "mcp.method.name"), ("outcome", "gateway.outcome"),
        ("rule", "gateway.rule"), ("callId", "gateway.call.id"),
    ];

    public static byte[] Write(IReadOnlyList<ShippedRecord> records, bool isOcsf)
    {
        var buffer = new ArrayBufferWriter<byte>(records.Sum(static record => record.Line.Length) * 2);
        using (var json = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceLogs"u8);
            json.WriteStartObject();
            json.WriteStartObject("resource"u8);
            json.WriteStartArray("attributes"u8);
            WriteAttribute(json, "service.name", ProductRelease.Name);
            WriteAttribute(json, "service.version", ProductRelease.Version);
            WriteAttribute(json, "service.instance.id", records[0].Writer);
            WriteAttribute(json, "host.name", Environment.MachineName);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("scopeLogs"u8);
            json.WriteStartObject();
            json.WriteStartObject("scope"u8);
            json.WriteString("name"u8, "gateway.audit"u8);
            json.WriteEndObject();
            json.WriteStartArray("logRecords"u8);
            foreach (var record in records)
                WriteRecord(json, record, isOcsf);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Returns how many records of an accepted batch the collector rejected (<c>partialSuccess</c>).</summary>
    public static int Rejected(ReadOnlyMemory<byte> answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("partialSuccess", out var partial) && partial.ValueKind == JsonValueKind.Object
                && partial.TryGetProperty("rejectedLogRecords", out var rejected)
                // OTLP/JSON encodes 64-bit numbers as strings; some collectors write a number.
                && int.TryParse(
                    rejected.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    ? count
                    : 0;
        }
        catch (JsonException)
        {
            // The response is not readable; its status was a success.
            return 0;
        }
    }

    private static void WriteRecord(Utf8JsonWriter json, in ShippedRecord record, bool isOcsf)
    {
        using var document = JsonDocument.Parse(record.Line);
        var members = new RecordMembers(document.RootElement);
        var nanoseconds = string.Create(
            CultureInfo.InvariantCulture, $"{members.Time.ToUnixTimeMilliseconds()}000000");
        json.WriteStartObject();
        json.WriteString("timeUnixNano"u8, nanoseconds);
        json.WriteString("observedTimeUnixNano"u8, nanoseconds);
        // Severity numbers of the log data model: INFO 9, INFO2 10, WARN 13, ERROR 17.
        var (number, text) = members.Severity switch
        {
            RecordSeverity.Error => (17, "ERROR"),
            RecordSeverity.Warning => (13, "WARN"),
            RecordSeverity.Notice => (10, "INFO2"),
            RecordSeverity.Information => (9, "INFO"),
            _ => throw new NotSupportedException($"RecordSeverity {members.Severity} has no case here."),
        };
        json.WriteNumber("severityNumber"u8, number);
        json.WriteString("severityText"u8, text);
        json.WriteString("eventName"u8, $"gateway.audit.{members.Kind}");
        json.WriteStartObject("body"u8);
        json.WriteString(
            "stringValue"u8,
            Encoding.UTF8.GetString(isOcsf ? OcsfEvent.Write(record, members) : record.Line.Span));
        json.WriteEndObject();
        json.WriteStartArray("attributes"u8);
        WriteAttribute(json, "log.record.uid", record.Id);
        foreach (var (member, attribute) in Attributes)
        {
            if (members.Text(member) is { } value)
                WriteAttribute(json, attribute, value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAttribute(Utf8JsonWriter json, string key, string value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WriteStartObject("value"u8);
        json.WriteString("stringValue"u8, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
