using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>The messages of a server as HTTP responses, so that one relay serves every transport.</summary>
internal static class MessageAnswers
{
    /// <summary>
    /// Returns the response to an accepted message without a response (Streamable HTTP, Sending Messages: 202).
    /// </summary>
    public static UpstreamResponse Accepted() => Empty(HttpStatusCode.Accepted);

    public static UpstreamResponse Empty(HttpStatusCode status) =>
        new(new HttpResponseMessage(status) { Content = new ByteArrayContent([]) }, Stream.Null);

    public static UpstreamResponse Json(
        HttpStatusCode status, ReadOnlyMemory<byte> json, IDisposable? held = null)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.Json);
        var response = new HttpResponseMessage(status) { Content = content };
        return new UpstreamResponse(response, content.ReadAsStream(), held);
    }

    /// <summary>Returns a JSON-RPC error; <paramref name="data"/> is raw JSON.</summary>
    public static UpstreamResponse Error(
        HttpStatusCode status, ReadOnlySpan<byte> id, int code, string message, ReadOnlySpan<byte> data = default)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        JsonRpcWriter.WriteError(buffer, id, code, message, data);
        return Json(status, buffer.WrittenMemory);
    }

    public static UpstreamResponse Events(SseStream stream)
    {
        var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.EventStream);
        return new UpstreamResponse(new HttpResponseMessage(HttpStatusCode.OK) { Content = content }, stream);
    }

    public static UpstreamResponse WithSession(this UpstreamResponse answer, string sessionId)
    {
        answer.Response.Headers.TryAddWithoutValidation(McpHeaders.SessionId, sessionId);
        return answer;
    }

    /// <summary>
    /// Returns the status of the same response over HTTP (2026-07-28, Streamable HTTP). A client uses it to distinguish
    /// a server of this revision from one that needs initialize.
    /// </summary>
    public static HttpStatusCode StatusOf(McpRevision revision, string method, int? errorCode) => errorCode switch
    {
        null => HttpStatusCode.OK,
        _ when revision == McpRevision.Legacy => HttpStatusCode.OK,
        McpErrorCodes.MethodNotFound => HttpStatusCode.NotFound,
        >= McpErrorCodes.UnsupportedProtocolVersion and <= McpErrorCodes.HeaderMismatch => HttpStatusCode.BadRequest,
        _ => method == McpMethods.ServerDiscover ? HttpStatusCode.BadRequest : HttpStatusCode.OK,
    };
}
