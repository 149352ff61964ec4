using System.Text.Json;

namespace Gateway.Hosting.Bridge;

/// <summary>What the bridge has to know of a response: whose it is, and the revision that it agrees on.</summary>
/// <param name="Id">The id as raw JSON.</param>
/// <param name="ProtocolVersion"><c>result.protocolVersion</c>; null where there is none.</param>
internal sealed record Answer(string Id, string? ProtocolVersion)
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    /// <summary>Null where the message is no response.</summary>
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
