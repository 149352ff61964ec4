using System.Text.Json;

namespace Gateway.Hosting.Bridge;

/// <summary>The parts of a response that the bridge needs: its id, and the negotiated revision.</summary>
/// <param name="Id">The id as raw JSON.</param>
/// <param name="ProtocolVersion"><c>result.protocolVersion</c>; null if there is none.</param>
internal sealed record Answer(string Id, string? ProtocolVersion)
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    /// <summary>Reads a response; null if the message is not a response.</summary>
    public static Answer? Of(ReadOnlyMemory<byte> message)
    {
        try
        {
            using var json = JsonDocument.Parse(message, Deep);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("method", out _)
                || !root.TryGetProperty("id", out var id))
                return null;
            var version = root.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("protocolVersion", out var agreed)
                && agreed.ValueKind == JsonValueKind.String ? agreed.GetString() : null;
            return new Answer(id.GetRawText(), version);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
