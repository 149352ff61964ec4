using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Mcp.Headers;

namespace Gateway.Proxy.Upstreams;

/// <summary>A server's answer whose head has arrived; its body is read as it comes.</summary>
public sealed class UpstreamResponse : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IDisposable? _held;
    private string? _sessionId;

    internal UpstreamResponse(HttpResponseMessage response, Stream body, IDisposable? held = null)
    {
        (_response, _held) = (response, held);
        Body = body;
    }

    /// <summary>Returns an event stream that brings nothing and does not end.</summary>
    public static UpstreamResponse Silent()
    {
        var body = new Pipe().Reader.AsStream();
        var content = new StreamContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.EventStream);
        return new UpstreamResponse(new HttpResponseMessage(HttpStatusCode.OK) { Content = content }, body);
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode => (int)_response.StatusCode;

    /// <summary>The media type, lower case, without parameters; empty where there is none.</summary>
    // Nearly every answer says one of the two as they are written here, and needs no parser.
    public string MediaType => Header("Content-Type") switch
    {
        MediaTypes.Json => MediaTypes.Json,
        MediaTypes.EventStream => MediaTypes.EventStream,
        _ => _response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? "",
    };

    /// <summary>
    /// The server's session id, as it sent it; of a server with several replicas it also names the replica.
    /// </summary>
    public string? SessionId
    {
        get => _sessionId ?? Header(McpHeaders.SessionId);
        internal set => _sessionId = value;
    }

    /// <summary>The body as it comes, still encoded if the server encoded it.</summary>
    public Stream Body { get; }

    /// <summary>
    /// Where the server refused the gateway itself: what it refused and what to do, for agents and operators.
    /// </summary>
    public string? Refused { get; internal set; }

    internal HttpResponseMessage Response => _response;

    /// <summary>A header of the answer; several lines of it are joined by commas. Null where it is absent.</summary>
    public string? Header(string name) =>
        _response.Headers.NonValidated.TryGetValues(name, out var values)
        || _response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    /// <summary>Lets the connection go; an answer that was not read to its end closes it.</summary>
    public void Dispose()
    {
        _response.Dispose();
        _held?.Dispose();
    }
}
