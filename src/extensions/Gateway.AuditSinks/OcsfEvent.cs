using System.Buffers;
using System.Net;
using System.Text.Json;
using Gateway.Audit.Shipping;
using Gateway.Mcp.Protocol;

namespace Gateway.AuditSinks;

/// <summary>
/// Converts a record to an event of the Open Cybersecurity Schema Framework 1.8.0: API Activity (class 6003) with the
/// profile <c>security_control</c>. No published class covers tool calls or approvals. <c>unmapped</c> contains the
/// entire record.
/// </summary>
internal static class OcsfEvent
{
    private const int ClassUid = 6003;
    private const int Other = 99;

    /// <summary>Returns one event, without a line end.</summary>
    public static byte[] Write(in ShippedRecord record)
    {
        using var document = JsonDocument.Parse(record.Line);
        return Write(record, new RecordMembers(document.RootElement));
    }

    /// <summary>Returns one event for a record that was already parsed.</summary>
    public static byte[] Write(in ShippedRecord record, in RecordMembers members)
    {
        var buffer = new ArrayBufferWriter<byte>((record.Line.Length * 2) + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteClass(json, members);
            json.WriteNumber("time"u8, members.Time.ToUnixTimeMilliseconds());
            WriteSeverity(json, members.Severity);
            WriteStatus(json, members);
            WriteMetadata(json, record, members);
            WriteActor(json, members);
            json.WriteStartObject("api"u8);
            json.WriteString("operation"u8, Operation(members));
            if (members.Text("server") is { } service)
            {
                json.WriteStartObject("service"u8);
                json.WriteString("name"u8, service);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            // The class requires this member. A call's record contains the caller's name but no address.
            json.WriteStartObject("src_endpoint"u8);
            json.WriteString("name"u8, members.Text("grant") ?? members.Text("by") ?? Environment.MachineName);
            if (members.Text("from") is { } from && IPAddress.TryParse(from, out _))
                json.WriteString("ip"u8, from);
            json.WriteEndObject();
            WriteResource(json, members);
            json.WritePropertyName("unmapped"u8);
            // The record exactly as it is in the file.
            json.WriteRawValue(record.Line.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteClass(Utf8JsonWriter json, in RecordMembers members)
    {
        var (activity, name) = (members.Kind, members.Text("action")) switch
        {
            ("decision" or "outcome" or "stream" or "folded" or "charge", _) => (Other, "Invoke"),
            ("change", { } made) when made.StartsWith("create", StringComparison.Ordinal) => (1, "Create"),
            ("change", { } gone) when gone.StartsWith("delete", StringComparison.Ordinal) => (4, "Delete"),
            ("change", _) => (3, "Update"),
            ("access", _) => (2, "Read"),
            ("approval", _) => (Other, "Approve"),
            _ => (Other, "Report"),
        };
        json.WriteNumber("activity_id"u8, activity);
        json.WriteString("activity_name"u8, name);
        json.WriteNumber("category_uid"u8, 6);
        json.WriteString("category_name"u8, "Application Activity"u8);
        json.WriteNumber("class_uid"u8, ClassUid);
        json.WriteString("class_name"u8, "API Activity"u8);
        json.WriteNumber("type_uid"u8, (ClassUid * 100) + activity);
        json.WriteString("type_name"u8, $"API Activity: {name}");
    }

    private static void WriteSeverity(Utf8JsonWriter json, RecordSeverity severity)
    {
        var (id, name) = severity switch
        {
            RecordSeverity.Error => (4, "High"),
            RecordSeverity.Warning => (3, "Medium"),
            RecordSeverity.Notice => (2, "Low"),
            RecordSeverity.Information => (1, "Informational"),
            _ => throw new NotSupportedException($"RecordSeverity {severity} has no case here."),
        };
        json.WriteNumber("severity_id"u8, id);
        json.WriteString("severity"u8, name);
    }

    private static void WriteStatus(Utf8JsonWriter json, in RecordMembers members)
    {
        if (members.Text("reason") is { } reason)
            json.WriteString("message"u8, reason);
        if (members.Kind == "outcome")
        {
            var (id, status) = members.Text("ended") switch
            {
                "completed" => (1, "Success"),
                "error" or "no_response" => (2, "Failure"),
                var other => (Other, other ?? "Other"),
            };
            json.WriteNumber("status_id"u8, id);
            json.WriteString("status"u8, status);
        }

        if (members.Kind != "decision")
            return;
        // Members of the profile security_control: the gateway's action on the call.
        var isAllowed = members.Text("outcome") == "allowed";
        json.WriteNumber("status_id"u8, isAllowed ? 1 : 2);
        json.WriteString("status"u8, isAllowed ? "Success" : "Failure");
        json.WriteString("status_code"u8, members.Text("outcome"));
        json.WriteNumber("action_id"u8, isAllowed ? 1 : 2);
        json.WriteString("action"u8, isAllowed ? "Allowed" : "Denied");
        json.WriteNumber("disposition_id"u8, isAllowed ? 1 : 2);
        json.WriteString("disposition"u8, isAllowed ? "Allowed" : "Blocked");
        if (members.Text("rule") is not { } rule)
            return;
        json.WriteStartObject("policy"u8);
        json.WriteString("name"u8, members.Text("policy") ?? "gateway");
        json.WriteString("uid"u8, rule);
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, in ShippedRecord record, in RecordMembers members)
    {
        json.WriteStartObject("metadata"u8);
        json.WriteString("version"u8, "1.8.0"u8);
        json.WriteString("uid"u8, record.Id);
        if (members.Text("callId") is { } call)
            json.WriteString("correlation_uid"u8, call);
        json.WriteStartObject("product"u8);
        json.WriteString("name"u8, ProductRelease.Name);
        json.WriteString("vendor_name"u8, ProductRelease.Name);
        json.WriteString("version"u8, ProductRelease.Version);
        json.WriteEndObject();
        json.WriteString("log_name"u8, "audit"u8);
        json.WriteString("log_provider"u8, record.Writer);
        json.WriteStartArray("profiles"u8);
        json.WriteStringValue("security_control"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteActor(Utf8JsonWriter json, in RecordMembers members)
    {
        json.WriteStartObject("actor"u8);
        json.WriteString("app_name"u8, members.Text("grant") ?? ProductRelease.Name);
        if (members.Text("by") is { } by)
        {
            json.WriteStartObject("user"u8);
            json.WriteString("name"u8, by);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, in RecordMembers members)
    {
        var (name, type) = members.Text("tool") is { } tool ? (tool, "MCP tool")
            : members.Text("name") is { } named ? (named, "MCP object")
            : members.Text("object") is { } changed ? (changed, "configuration")
            : (null, "");
        if (name is null)
            return;
        json.WriteStartArray("resources"u8);
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("type"u8, type);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string Operation(in RecordMembers members) => members.Kind switch
    {
        "decision" => members.Text("method") ?? McpMethods.ToolsCall,
        "change" or "access" => members.Text("action") ?? members.Kind,
        var kind => kind,
    };
}
