using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Gateway.Mcp.Headers;

namespace Gateway.Proxy.Upstreams;

/// <summary>A server's response whose head has arrived; its body is read as it arrives.</summary>
public sealed class UpstreamResponse : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IDisposable? _held;
    private string? _sessionId;
    private CredentialRefusal? _refusal;

    internal UpstreamResponse(HttpResponseMessage response, Stream body, IDisposable? held = null)
    {
        (_response, _held) = (response, held);
        Body = body;
    }

    /// <summary>Returns an event stream that sends nothing and does not end.</summary>
    public static UpstreamResponse Silent()
    {
        var body = new Pipe().Reader.AsStream();
        var content = new StreamContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.EventStream);
        return new UpstreamResponse(new HttpResponseMessage(HttpStatusCode.OK) { Content = content }, body);
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode => (int)_response.StatusCode;

    /// <summary>The media type in lower case, without parameters; empty if there is none.</summary>
    // Nearly every response has one of these two exact values, which need no parser.
    public string MediaType => Header("Content-Type") switch
    {
        MediaTypes.Json => MediaTypes.Json,
        MediaTypes.EventStream => MediaTypes.EventStream,
        _ => _response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? "",
    };

    /// <summary>
    /// The server's session id as sent; for a server with several replicas, it also names the replica.
    /// </summary>
    public string? SessionId
    {
        get => _sessionId ?? Header(McpHeaders.SessionId);
        internal set => _sessionId = value;
    }

    /// <summary>The body as it arrives, still encoded if the server encoded it.</summary>
    public Stream Body { get; }

    /// <summary>
    /// If the server refused the gateway itself, the refused credential and the next step, for agents and operators.
    /// </summary>
    public string? Refused
    {
        get => _refusal?.Text;
        internal set => (_refusal ??= new()).Text = value;
    }

    /// <summary>
    /// The scope that the caller's own token lacks; empty if the server did not name it, null if it lacks none.
    /// </summary>
    internal string? LackedScope
    {
        get => _refusal?.LackedScope;
        set => (_refusal ??= new()).LackedScope = value;
    }

    /// <summary>
    /// Requests another access token in place of the refused one, and returns true if there is one; null if the server
    /// refused nothing that can be renewed.
    /// </summary>
    internal Func<CancellationToken, ValueTask<bool>>? RenewToken
    {
        get => _refusal?.RenewToken;
        set => (_refusal ??= new()).RenewToken = value;
    }

    internal HttpResponseMessage Response => _response;

    /// <summary>Returns a header of the response, with several lines joined by commas; null if it is absent.</summary>
    public string? Header(string name) =>
        _response.Headers.NonValidated.TryGetValues(name, out var values)
        || _response.Content.Headers.NonValidated.TryGetValues(name, out values)
            ? values.ToString()
            : null;

    /// <summary>Releases the connection; a response that was not read to its end closes it.</summary>
    public void Dispose()
    {
        _response.Dispose();
        _held?.Dispose();
    }

    // What only a refused credential has, so that other responses do not allocate it.
    private sealed class CredentialRefusal
    {
        public string? Text { get; set; }

        public string? LackedScope { get; set; }

        public Func<CancellationToken, ValueTask<bool>>? RenewToken { get; set; }
    }
}
