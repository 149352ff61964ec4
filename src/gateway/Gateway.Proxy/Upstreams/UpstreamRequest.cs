using Gateway.Control.Memory;
using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Upstreams;

/// <summary>One attempt to send one evaluated message to a server. It is sent at most once.</summary>
public sealed class UpstreamRequest
{
    private volatile bool _wasWritten;
    private volatile bool _isAbandoned;
    private volatile ConnectionPlace? _place;

    /// <summary>POST, GET or DELETE.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The evaluated bytes; only a POST has any.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The client's headers; only those on the protocol's list are forwarded.</summary>
    public required IHeaderDictionary ClientHeaders { get; init; }

    /// <summary>The call's id, sent as <c>Policy-Gateway-Call</c>.</summary>
    public required string CallId { get; init; }

    /// <summary>The server's own session id, sent as <c>Mcp-Session-Id</c> instead of the client's header.</summary>
    public string? SessionId { get; init; }

    /// <summary>The gateway's span as a W3C <c>traceparent</c>; without one, the client's is forwarded.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The parsed form of <see cref="Body"/>; needed for a program on pipes, but not for HTTP.</summary>
    public McpMessage? Message { get; init; }

    /// <summary>The revision of the message.</summary>
    public McpRevision Revision { get; init; }

    /// <summary>
    /// The name of the grant that sends; nothing that it starts at a server is shared with another grant.
    /// </summary>
    public string Caller { get; init; } = "";

    /// <summary>The grant with the caller; null for requests of the gateway itself.</summary>
    public GrantModel? Grant { get; init; }

    /// <summary>The caller's token of an issuer; null if no issuer identified the caller.</summary>
    public SubjectToken? SubjectToken { get; init; }

    /// <summary>The grant's share of the gateway's memory.</summary>
    public MemoryShare? Memory { get; init; }

    /// <summary>Canceled when the grant has ended; everything started for it ends too.</summary>
    public CancellationToken CallerEnded { get; init; }

    /// <summary>
    /// A function that runs exactly once, when the connection is open, immediately before the first byte of the body.
    /// Its exception stops the call with nothing of the body written, and reaches the caller unchanged.
    /// </summary>
    public Func<CancellationToken, ValueTask>? BeforeFirstByte { get; init; }

    /// <summary>True once a byte of the body may have been written to the server.</summary>
    public bool WasWritten
    {
        get => _wasWritten;
        internal set => _wasWritten = value;
    }

    /// <summary>The endpoint that it was sent to; null before the response.</summary>
    internal Uri? SentTo { get; set; }

    internal ConnectionPlace? Place
    {
        set => _place = value;
    }

    /// <summary>
    /// Marks the request as abandoned: the client has left, and a revision before 2026-07-28 does not treat that as a
    /// cancellation. The request continues while other requests have room.
    /// </summary>
    /// <param name="letGo">Ends the request; called only if another request needs its connection.</param>
    public void Abandon(Action letGo)
    {
        _isAbandoned = true;
        _place?.Abandon(letGo);
    }

    /// <summary>True if its client has left, so that it only continues while other requests have room.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>Returns a copy of the request for another attempt to send it.</summary>
    /// <param name="before">The <see cref="BeforeFirstByte"/> of the copy.</param>
    internal UpstreamRequest WithBefore(Func<CancellationToken, ValueTask>? before) => new()
    {
        Method = Method,
        Body = Body,
        ClientHeaders = ClientHeaders,
        CallId = CallId,
        SessionId = SessionId,
        TraceParent = TraceParent,
        Message = Message,
        Revision = Revision,
        Caller = Caller,
        Grant = Grant,
        SubjectToken = SubjectToken,
        Memory = Memory,
        CallerEnded = CallerEnded,
        BeforeFirstByte = before,
    };
}
