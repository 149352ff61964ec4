using System.Buffers;
using System.Text.Json;
using Gateway.Approvals.Requests;

namespace Gateway.Proxy.Waiting;

/// <summary>Tells an agent that gave a progress token that its call waits for a person, and until when.</summary>
internal static class ProgressEvent
{
    public static ReadOnlyMemory<byte> Write(
        ReadOnlySpan<byte> token, Approval approval, TimeSpan waited, TimeSpan atMost)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteString("method", Mcp.Protocol.McpMethods.Progress);
            json.WriteStartObject("params");
            json.WritePropertyName("progressToken");
            json.WriteRawValue(token);
            // It has to grow with each notification, and may not reach the total before the call is through.
            json.WriteNumber("progress", Math.Round(waited.TotalSeconds, 3));
            json.WriteNumber("total", Math.Ceiling(atMost.TotalSeconds));
            json.WriteString("message", $"Waiting for a person to approve this call (approval {approval.Id}).");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
