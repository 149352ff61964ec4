using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Mcp.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Mcp.Headers;

/// <summary>Validates the headers of a request, by themselves and against its body.</summary>
public static class HeaderRules
{
    /// <summary>The longest <c>Last-Event-ID</c> that is forwarded, in characters. 8,192.</summary>
    public const int LastEventIdCharsMax = 8192;

    // With two values of one of these, two readers could understand one request differently.
    private static readonly FrozenSet<string> SingleHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        McpHeaders.ProtocolVersion, McpHeaders.Method, McpHeaders.Name, McpHeaders.SessionId, McpHeaders.LastEventId,
        "Content-Type");

    /// <summary>
    /// Checks everything that does not depend on the body: <c>application/json</c> (415), no <c>Content-Encoding</c>
    /// (415), an <c>Accept</c> that allows a response (406), no header of the protocol twice (400).
    /// </summary>
    public static McpFault? CheckHead(IHeaderDictionary headers)
    {
        if (!MediaTypes.IsJson(headers.ContentType))
            return Fault(415, McpErrorCodes.InvalidRequest, "Content-Type must be application/json, in UTF-8.");
        if (headers.ContentEncoding.Count > 0)
            return Fault(415, McpErrorCodes.InvalidRequest, "Content-Encoding is not supported. Send a plain body.");
        return CheckCommon(headers);
    }

    /// <summary>
    /// Checks the protocol version, <c>Mcp-Method</c> and <c>Mcp-Name</c> against the message, after
    /// <see cref="CheckHead"/> has passed.
    /// </summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="message">The body.</param>
    /// <param name="revision">The protocol shape of the request; faults are sent in it too.</param>
    public static McpFault? CheckMessage(IHeaderDictionary headers, McpMessage message, out McpRevision revision)
    {
        revision = RevisionOf(headers, message);
        var fault = CheckVersion(headers, message.MetaProtocolVersion, message)
            ?? CheckMethod(headers, message, revision)
            ?? CheckName(headers, message, revision)
            ?? CheckKind(message, revision);
        return fault is null ? null : fault with { Id = message.Id };
    }

    /// <summary>Checks a GET or DELETE, which have no body.</summary>
    public static McpFault? CheckBodiless(IHeaderDictionary headers, out McpRevision revision)
    {
        var version = headers[McpHeaders.ProtocolVersion];
        revision = version.Count == 0 ? McpRevision.Legacy : McpVersions.RevisionOf(Trim(version));
        return CheckCommon(headers) ?? CheckVersion(headers, null, null) ?? CheckLastEvent(headers);
    }

    private static McpRevision RevisionOf(IHeaderDictionary headers, McpMessage message)
    {
        var version = headers[McpHeaders.ProtocolVersion];
        var isStateless = (version.Count > 0 && McpVersions.RevisionOf(Trim(version)) == McpRevision.Stateless)
            || (message.MetaProtocolVersion is { } meta && McpVersions.RevisionOf(meta) == McpRevision.Stateless);
        return isStateless ? McpRevision.Stateless : McpRevision.Legacy;
    }

    private static McpFault? CheckCommon(IHeaderDictionary headers)
    {
        foreach (var (name, values) in headers)
        {
            if (values.Count > 1 && SingleHeaders.TryGetValue(name, out var single))
                return Mismatch($"{single} occurs more than once. Send it once.");
            if (name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase) && !IsAscii(values))
                return Mismatch($"{name} contains characters that no header allows; encode it as =?base64?…?=.");
        }

        return MediaTypes.AcceptsAnswer(headers.Accept)
            ? null
            : Fault(406, McpErrorCodes.InvalidRequest, "Accept must list application/json and text/event-stream.");
    }

    private static McpFault? CheckVersion(IHeaderDictionary headers, string? meta, McpMessage? message)
    {
        var values = headers[McpHeaders.ProtocolVersion];
        var header = values.Count == 0 ? null : Trim(values);
        if (header is not null && !McpVersions.IsSupported(header))
            return Unsupported(header);
        if (header is not null && meta is not null && header != meta)
            return Mismatch($"{McpHeaders.ProtocolVersion} is {header}, but _meta in the body has another version. "
                + "Send the same one.");
        if (meta is not null && !McpVersions.IsSupported(meta))
            return Unsupported(meta);

        var isStateless = (header ?? meta) is { } version && McpVersions.RevisionOf(version) == McpRevision.Stateless;
        if (!isStateless)
            return null;
        if (header is null)
            return Mismatch($"{McpHeaders.ProtocolVersion} is missing; it must equal the version in _meta.");
        if (message?.Kind == McpMessageKind.Request && meta is null)
        {
            return Fault(
                400,
                McpErrorCodes.InvalidParams,
                "params._meta lacks \"io.modelcontextprotocol/protocolVersion\", which this revision requires.");
        }

        return null;
    }

    // Mirrors are optional before 2026-07-28. One that contradicts the body is refused in any revision, since a server
    // might trust it.
    private static McpFault? CheckMethod(IHeaderDictionary headers, McpMessage message, McpRevision revision)
    {
        var values = headers[McpHeaders.Method];
        if (values.Count == 0)
        {
            return revision == McpRevision.Stateless && message.Kind == McpMessageKind.Request
                ? Mismatch($"{McpHeaders.Method} is missing; it must equal \"method\".")
                : null;
        }

        return message.Kind != McpMessageKind.Response && Trim(values) == message.Method
            ? null
            : Mismatch($"{McpHeaders.Method} must equal the \"method\" of the message.");
    }

    private static McpFault? CheckName(IHeaderDictionary headers, McpMessage message, McpRevision revision)
    {
        var values = headers[McpHeaders.Name];
        if (values.Count == 0)
        {
            var isRequired = message.Known is
            {
                Revision: null, PolicedBy: McpPolicing.Tool or McpPolicing.Resource or McpPolicing.Prompt,
            };
            return revision == McpRevision.Stateless && isRequired
                ? Mismatch($"{McpHeaders.Name} is missing; it must equal params.name or params.uri.")
                : null;
        }

        if (!HeaderValueCodec.TryDecode(values.ToString(), out var name))
            return Mismatch($"{McpHeaders.Name} must be plain ASCII, or UTF-8 encoded as =?base64?…?=.");
        if (message.Name is null || message.PolicedBy == McpPolicing.Completion || name == message.Name)
            return null;
        return Mismatch($"{McpHeaders.Name} must equal params.name, params.uri or params.taskId of the message.");
    }

    private static McpFault? CheckKind(McpMessage message, McpRevision revision) =>
        revision == McpRevision.Stateless && message.Kind == McpMessageKind.Response
            ? Fault(400, McpErrorCodes.InvalidRequest, "In this revision of MCP, clients send no responses.")
            : null;

    // An event id has a meaning only within one session (2025-11-25, Resumability and Redelivery), and a session
    // belongs to one grant. Without a session, a server that all grants share could replay another grant's stream.
    private static McpFault? CheckLastEvent(IHeaderDictionary headers)
    {
        var values = headers[McpHeaders.LastEventId];
        if (values.Count == 0)
            return null;
        var id = values.ToString();
        if (id.Length is 0 or > LastEventIdCharsMax || id.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return Fault(400, McpErrorCodes.InvalidRequest,
                $"{McpHeaders.LastEventId} must have 1 to {LastEventIdCharsMax} visible ASCII characters.");
        }

        return headers[McpHeaders.SessionId].ToString().Length > 0
            ? null
            : Fault(400, McpErrorCodes.InvalidRequest, $"{McpHeaders.LastEventId} resumes a stream of a session. Send "
                + $"{McpHeaders.SessionId} with it; a stream of a server without sessions cannot be resumed.");
    }

    private static bool IsAscii(StringValues values)
    {
        foreach (var value in values)
        {
            if (!System.Text.Ascii.IsValid(value))
                return false;
        }

        return true;
    }

    private static string Trim(StringValues values) => values.ToString().Trim(' ', '\t');

    private static McpFault Mismatch(string message) =>
        Fault(400, McpErrorCodes.HeaderMismatch, "Header mismatch: " + message);

    private static McpFault Unsupported(string requested)
    {
        // A request in the stateless shape cannot be repeated in a legacy revision, which its server may not support.
        var revision = McpVersions.RevisionOf(requested);
        var served = McpVersions.Supported
            .Where(version => revision == McpRevision.Legacy
                || McpVersions.RevisionOf(version) == McpRevision.Stateless)
            .ToArray();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("supported"u8);
            foreach (var version in served)
                json.WriteStringValue(version);
            json.WriteEndArray();
            json.WriteString("requested"u8, requested.Length <= 64 ? requested : requested[..64]);
            json.WriteEndObject();
        }

        var message = $"Unsupported protocol version. Supported versions: {string.Join(", ", served)}.";
        return Fault(400, McpErrorCodes.UnsupportedProtocolVersion, message) with { Data = buffer.WrittenMemory };
    }

    private static McpFault Fault(int status, int code, string message) => new(status, code, message, default);
}
