using Gateway.Control.Memory;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Upstreams.Connections;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Upstreams;

/// <summary>One attempt to hand one judged message to a server. It is sent once, and never again.</summary>
public sealed class UpstreamRequest
{
    private volatile bool _wasWritten;
    private volatile bool _isAbandoned;
    private volatile ConnectionPlace? _place;

    /// <summary>POST, GET or DELETE.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>The bytes that were judged; only a POST has any.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The client's headers; those of the protocol's own list are forwarded, all others stay here.</summary>
    public required IHeaderDictionary ClientHeaders { get; init; }

    /// <summary>The call's id, sent as <c>Policy-Gateway-Call</c>.</summary>
    public required string CallId { get; init; }

    /// <summary>The server's own session id, sent as <c>Mcp-Session-Id</c>; the client's header is not.</summary>
    public string? SessionId { get; init; }

    /// <summary>The gateway's span as a W3C <c>traceparent</c>; without one the client's is forwarded.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The message that <see cref="Body"/> was read as; a program on pipes needs it, HTTP does not.</summary>
    public McpMessage? Message { get; init; }

    /// <summary>The era that the message is in.</summary>
    public McpRevision Era { get; init; }

    /// <summary>The grant that sends; what it starts at a server is never shared with another.</summary>
    public string Caller { get; init; } = "";

    /// <summary>What that grant holds of the gateway's memory.</summary>
    public MemoryShare? Memory { get; init; }

    /// <summary>Set when the grant has ended; what was started for it ends too.</summary>
    public CancellationToken CallerEnded { get; init; }

    /// <summary>
    /// Runs when the connection is open, as the last thing before the first byte of the body, exactly once. What it
    /// throws stops the call with nothing of the body written, and reaches the caller as it is.
    /// </summary>
    public Func<CancellationToken, ValueTask>? BeforeFirstByte { get; init; }

    /// <summary>True once a byte of the body may have been written to the server.</summary>
    public bool WasWritten
    {
        get => _wasWritten;
        internal set => _wasWritten = value;
    }

    /// <summary>The endpoint that it was sent to; null before a response came.</summary>
    internal Uri? SentTo { get; set; }

    internal ConnectionPlace? Place
    {
        set => _place = value;
    }

    /// <summary>
    /// The client has gone, and a revision before 2026-07-28 takes that for no cancel: the request goes on while there
    /// is room for others.
    /// </summary>
    /// <param name="letGo">Ends it; called where others need its connection, never where nobody does.</param>
    public void Abandon(Action letGo)
    {
        _isAbandoned = true;
        _place?.Abandon(letGo);
    }

    /// <summary>Whether its client has gone, and it goes on only while there is room for others.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>The same request for another attempt to send it.</summary>
    /// <param name="before">Runs as its <see cref="BeforeFirstByte"/>.</param>
    internal UpstreamRequest WithBefore(Func<CancellationToken, ValueTask>? before) => new()
    {
        Method = Method,
        Body = Body,
        ClientHeaders = ClientHeaders,
        CallId = CallId,
        SessionId = SessionId,
        TraceParent = TraceParent,
        Message = Message,
        Era = Era,
        Caller = Caller,
        Memory = Memory,
        CallerEnded = CallerEnded,
        BeforeFirstByte = before,
    };
}
