using System.Text.Json;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>
/// The agreement on a protocol revision by <c>initialize</c>. Later messages are checked against the revisions that the
/// gateway supports, so a response with any other revision must not pass: every later message would be rejected.
/// </summary>
/// <param name="requested">The revision that the client requested.</param>
/// <param name="agreed">Receives the agreed revision before the response passes.</param>
public sealed class Handshake(string? requested, Action<string> agreed)
{
    private const int DepthMax = 512;

    /// <summary>The unsupported revision that the server returned; null if there is none.</summary>
    public string? Refused { get; private set; }

    /// <summary>The reason for operators; only if the revision was refused.</summary>
    public string Fault => $"it responded to initialize with protocol revision {Refused}, which this gateway does not "
        + $"support. Supported are {string.Join(", ", McpVersions.Handshakes)}. Use a version of the server that "
        + "supports one of them.";

    /// <summary>True once the response was read, so that the response head is final.</summary>
    internal bool IsOver { get; set; }

    /// <summary>Reads the response to <c>initialize</c>; returns false if it must not pass.</summary>
    internal bool Accepts(ReadOnlyMemory<byte> response)
    {
        if (IsOver)
            return true;
        IsOver = true;
        if (RevisionOf(response) is not { } revision)
            return true;
        if (McpVersions.Handshakes.Contains(revision))
        {
            agreed(revision);
            return true;
        }

        Refused = Cut(Printable.Of(revision));
        return false;
    }

    /// <summary>Returns the error for the client in place of the response.</summary>
    internal McpFault Error(string server, ReadOnlyMemory<byte> id)
    {
        var data = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteStartArray("supported"u8);
            foreach (var version in McpVersions.Handshakes)
                json.WriteStringValue(version);
            json.WriteEndArray();
            json.WriteString("requested"u8, requested is null ? "" : Cut(requested));
            json.WriteEndObject();
        }

        return new McpFault(200, McpErrorCodes.InvalidParams,
            $"Unsupported protocol version: {server} chose {Refused}, which the gateway does not "
            + "support. The session was ended.", id)
        {
            Data = data.WrittenMemory,
        };
    }

    // A response without a revision agrees on none; every client rejects it itself.
    private static string? RevisionOf(ReadOnlyMemory<byte> response)
    {
        try
        {
            using var json = JsonDocument.Parse(response, new JsonDocumentOptions { MaxDepth = DepthMax });
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("result", out var result)
                && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty("protocolVersion", out var version)
                && version.ValueKind == JsonValueKind.String ? version.GetString() : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Cut(string text) =>
        text.Length <= McpVersions.RepeatedCharsMax ? text : text[..McpVersions.RepeatedCharsMax];
}
