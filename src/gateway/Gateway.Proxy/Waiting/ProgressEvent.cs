using Gateway.Mcp.Writing;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// A progress notification for an agent that sent a progress token: its call waits for a person, and until when.
/// </summary>
internal static class ProgressEvent
{
    public static ReadOnlyMemory<byte> Write(
        ReadOnlySpan<byte> token, Approval approval, TimeSpan waited, TimeSpan atMost)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        JsonRpcWriter.BeginMessage(json, Mcp.Protocol.McpMethods.Progress);
        json.WritePropertyName("progressToken");
        json.WriteRawValue(token);
        // Progress must increase with each notification, and must not reach the total before the call completes.
        json.WriteNumber("progress", Math.Round(waited.TotalSeconds, 3));
        json.WriteNumber("total", Math.Ceiling(atMost.TotalSeconds));
        json.WriteString("message", $"Waiting for a person to approve this call (approval {approval.Id}).");
        JsonRpcWriter.End(json);
        return scratch.ToArray();
    }
}
