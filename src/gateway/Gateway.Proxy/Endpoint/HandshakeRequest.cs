using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>The protocol revision that a client requests by <c>initialize</c> and keeps in its session.</summary>
internal static class HandshakeRequest
{
    /// <summary>
    /// Returns the message as it is sent: an unsupported revision is replaced by the newest one that the gateway
    /// supports. Otherwise the server might accept the requested revision, and then no later message would pass.
    /// </summary>
    /// <param name="message">Any message.</param>
    /// <param name="revision">The revision of the message.</param>
    /// <param name="requested">The revision that the client requested; null if it requested none.</param>
    public static McpMessage Of(McpMessage message, McpRevision revision, out string? requested)
    {
        requested = null;
        if (message.Method != McpMethods.Initialize || message.Kind != McpMessageKind.Request
            || revision != McpRevision.Legacy)
            return message;
        var body = message.Body.Span;
        if (RawJson.Find(body, "params", "protocolVersion") is not { } place || body[place.Start] != (byte)'"')
            return message;
        requested = RawJson.String(body[place]);
        if (McpVersions.Handshakes.Contains(requested))
            return message;
        var sent = RawJson.Replace(body, place, RawJson.Text(McpVersions.LatestHandshake));
        var bounds = new McpReadBounds { BodyBytesMax = sent.Length, DepthMax = RawJson.DepthMax - 1 };
        return McpReader.Read(sent, bounds).Message ?? message;
    }

    /// <summary>
    /// Checks the version header against the revision of the session. Without a header, the session determines the
    /// revision (2025-06-18, Transports: "no other way to identify the version"). 2025-03-26 is treated like a missing
    /// header, for which the specification has servers assume that revision; the official conformance suite sends it in
    /// any session.
    /// </summary>
    public static McpFault? Check(IHeaderDictionary headers, string? agreed, ReadOnlyMemory<byte> id)
    {
        var header = headers[McpHeaders.ProtocolVersion];
        var revision = header.ToString().Trim(' ', '\t');
        return agreed is null || header.Count == 0 || revision == agreed || revision == McpVersions.Assumed
            ? null
            : new McpFault(StatusCodes.Status400BadRequest, McpErrorCodes.InvalidRequest,
                $"{McpHeaders.ProtocolVersion} is {revision}, but this session agreed on {agreed}. "
                + $"Send {agreed}, or start a new session with initialize.", id);
    }
}
