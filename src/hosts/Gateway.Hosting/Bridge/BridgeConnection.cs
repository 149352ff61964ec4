using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Hosting.Commands.Remote;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;

namespace Gateway.Hosting.Bridge;

/// <summary>The gateway's endpoint for one server, as the holder of one grant reaches it.</summary>
internal sealed class BridgeConnection(Uri endpoint, string token) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = ProxyChoice.For(endpoint),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseDrainSize = 0,
    });

    public Uri Endpoint => endpoint;

    /// <summary>The session, known from the response to <c>initialize</c>.</summary>
    public string? Session { get; set; }

    /// <summary>The revision negotiated by <c>initialize</c>; a message may name its own.</summary>
    public string? Version { get; set; }

    /// <summary>
    /// Returns true if a text can be sent as a header value. A line break would end the header and start another one
    /// (RFC 9110, 5.5), and the client throws for it.
    /// </summary>
    public static bool IsHeaderValue(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>Sends a message with the headers that mirror it.</summary>
    /// <param name="message">The message; its method is a header value.</param>
    /// <param name="version">The revision of the message, a header value; null if none is known yet.</param>
    /// <param name="session">The session that the message belongs to; null if there is none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<HttpResponseMessage> PostAsync(
        McpMessage message, string? version, string? session, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Post, session);
        request.Content = new ReadOnlyMemoryContent(message.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (version is not null && message.Method != McpMethods.Initialize)
            request.Headers.Add(McpHeaders.ProtocolVersion, version);
        if (version is not null && McpVersions.RevisionOf(version) == McpRevision.Stateless
            && message.Kind != McpMessageKind.Response)
        {
            request.Headers.Add(McpHeaders.Method, message.Method);
            if (message.Name is { } name && message.Method != McpMethods.CompletionComplete)
                request.Headers.TryAddWithoutValidation(McpHeaders.Name, Mirror(name));
        }

        return _http.SendAsync(request, cancellationToken);
    }

    /// <summary>Opens the session's own stream, or resumes one that ended after an event.</summary>
    public Task<HttpResponseMessage> ListenAsync(
        string? afterEvent, string? version, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Get, Session);
        if (afterEvent is not null)
            request.Headers.TryAddWithoutValidation(McpHeaders.LastEventId, afterEvent);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        if (version is not null)
            request.Headers.Add(McpHeaders.ProtocolVersion, version);
        return _http.SendAsync(request, cancellationToken);
    }

    /// <summary>Ends the session.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.SendAsync(Request(HttpMethod.Delete, Session), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string? session)
    {
        var request = new HttpRequestMessage(method, endpoint) { Version = HttpVersion.Version11 };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (session is not null)
            request.Headers.TryAddWithoutValidation(McpHeaders.SessionId, session);
        return request;
    }

    // 2026-07-28, Streamable HTTP: a value that a header cannot carry unchanged is sent in base64.
    private static string Mirror(string name) =>
        name.Length > 0 && !name.AsSpan().ContainsAnyExceptInRange(' ', '~') && name.Trim() == name
            && !name.StartsWith("=?", StringComparison.Ordinal)
            ? name
            : $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(name))}?=";
}
