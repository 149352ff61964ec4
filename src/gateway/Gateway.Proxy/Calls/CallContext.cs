using System.Diagnostics;
using Gateway.Audit.Records;
using Gateway.Control.Snapshots;
using Gateway.Control.Virtual;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Upstreams.Sessions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Calls;

/// <summary>One message of one agent on its way through the pipeline; lives as long as its HTTP request.</summary>
internal sealed class CallContext(
    HttpContext http, GrantModel grant, ServerModel server, McpMessage message, McpRevision era, SessionBinding session,
        long nowMs) : IAuditedCall, IDisposable
{
    private bool _isCounted;
    private CallId _id = CallId.New();
    private string? _idText;
    private CallLife? _life;

    public HttpContext Http => http;

    public GrantModel Grant { get; private set; } = grant;

    public ServerModel Server { get; private set; } = server;

    public GrantBinding Binding { get; private set; } = grant.Bindings[server.Name];

    public string GrantName => Grant.Name;

    public string ServerName => Server.Name;

    public string? PolicyName => Binding.PolicyName;

    public string? PolicySha256 => Binding.PolicySha256;

    public McpMessage Message => message;

    public McpRevision Era => era;

    /// <summary>
    /// Whether it ends with its client's connection: only from 2026-07-28 is closing that a cancel. Not where it holds
    /// a place in flight, which is free once the server has answered, and nobody else would hear that.
    /// </summary>
    public bool EndsWithClient => Era == McpRevision.Stateless && Open is null;

    /// <summary>
    /// Whether the client can resume the event stream of the response: from 2025-03-26 to 2025-11-25, in a session.
    /// </summary>
    public bool MayResume => Era == McpRevision.Legacy && session.Session is not null
        && (session.Revision ?? http.Request.Headers[McpHeaders.ProtocolVersion].ToString()) != McpVersions.First;

    /// <summary>The session that the message is in, if any.</summary>
    public SessionBinding Session => session;

    public string? SessionCounterId => session.Session?.CounterId;

    /// <summary>
    /// The instant of the whole decision, Unix milliseconds; read once, when the message had arrived, and again only
    /// for a call that was held.
    /// </summary>
    public long NowMs { get; private set; } = nowMs;

    /// <summary>When the message had arrived, Unix milliseconds.</summary>
    public long ArrivedMs { get; } = nowMs;

    /// <summary>
    /// The response is a stream of events already, into which the answer comes: it may not be encoded.
    /// </summary>
    public bool IsStreaming => Stream is not null;

    /// <summary>That stream.</summary>
    public ICallStream? Stream { get; set; }

    /// <summary>When the message had arrived, on the monotonic clock; for durations only.</summary>
    public long ArrivedTicks { get; set; }

    /// <summary>The time by which the gateway has to be done with it.</summary>
    public RequestDeadline Deadline { get; } = new();

    /// <summary>Ours, for one attempt to forward; a further attempt gets another.</summary>
    public CallId Id
    {
        get => _id;
        set => (_id, _idText) = (value, null);
    }

    /// <summary>The same as it is written: twice on record, and to the server.</summary>
    public string IdText => _idText ??= _id.ToString();

    /// <summary>The wait for a person, once there may be one.</summary>
    public IDisposable? Wait { get; set; }

    /// <summary>Its place among the grant's streams; given up with the call.</summary>
    public IDisposable? Place { get; set; }

    /// <summary>Its places among the calls in flight; null where the policy bounds none.</summary>
    public OpenCall? Open { get; set; }

    /// <summary>Those on the counters of shadow mode.</summary>
    public OpenCall? ShadowOpen { get; set; }

    /// <summary>The protocol revision that the client requested by <c>initialize</c>.</summary>
    public string? RequestedRevision { get; init; }

    /// <summary>Whether its server is one of several that the client has at one address.</summary>
    public bool IsOfSeveral { get; init; }

    /// <summary>Whether its answer becomes a part of one stream of several servers.</summary>
    public bool IsMergedStream { get; init; }

    /// <summary>The state of an approval that the agent's retry brought back.</summary>
    public ApprovalRetry? Retry { get; init; }

    /// <summary>What the agent asked for, where the message was rebuilt.</summary>
    public VirtualCall? Virtual { get; init; }

    /// <summary>The virtual tools by which the message was, or was not, rebuilt.</summary>
    public VirtualTools? RebuiltBy { get; init; } = grant.VirtualTools;

    /// <summary>Gets every entry that the server lists in its answer, allowed or not; null where nobody asks.</summary>
    public Action<McpListKind, string>? Listed { get; init; }

    /// <summary>Changes what the server answers once it was evaluated; null where nothing changes.</summary>
    public IMessageRewriter? Rewriter { get; init; }

    /// <summary>This call's span, where anybody listens to spans.</summary>
    public Activity? Span { get; init; }

    /// <summary>Time has passed: the call is decided upon anew, by the grant and policy as they are now.</summary>
    public void Reevaluate(GrantModel currentGrant, ServerModel currentServer, long currentMs)
    {
        (Grant, Server, NowMs) = (currentGrant, currentServer, currentMs);
        Binding = currentGrant.Bindings[currentServer.Name];
    }

    /// <summary>Disposes <paramref name="life"/> with the call, unless <see cref="EndLife"/> did so before.</summary>
    public void Begin(CallLife life) => _life = life;

    /// <summary>Nothing of the call is sent or relayed any more.</summary>
    public void EndLife()
    {
        _life?.Dispose();
        _life = null;
    }

    /// <summary>The places are free: the server has answered, or was never asked.</summary>
    public async ValueTask ReleasePlacesAsync()
    {
        if (Open is { } open)
            await open.ReleaseAsync();
        if (ShadowOpen is { } shadow)
            await shadow.ReleaseAsync();
    }

    /// <summary>The server may be at work, and nobody waits for it any more.</summary>
    public void KeepPlaces()
    {
        Open?.KeepUnanswered();
        ShadowOpen?.KeepUnanswered();
    }

    public void Dispose()
    {
        ReleaseOrKeep(Open);
        ReleaseOrKeep(ShadowOpen);
        EndLife();
        Place?.Dispose();
        Wait?.Dispose();
    }

    /// <summary>The places of a call that came to no end; of any other nothing is left to do.</summary>
    private void ReleaseOrKeep(OpenCall? open)
    {
        if (_life is { WasWritten: true })
            open?.KeepUnanswered();
        else if (open is { IsUnanswered: false })
            _ = open.ReleaseAsync();
    }

    /// <summary>True the first time: a call counts once in the metrics, however many attempts it takes.</summary>
    public bool TryCount()
    {
        var isFirst = !_isCounted;
        _isCounted = true;
        return isFirst;
    }
}

/// <summary>The stream of events that began before the answer to a call, as far as other stages know it.</summary>
internal interface ICallStream
{
    /// <summary>Sends a comment, so that nothing in between takes the connection for dead.</summary>
    ValueTask SendCommentAsync(CancellationToken cancellationToken);

    /// <summary>Ends the stream after the call was answered.</summary>
    ValueTask EndAsync();
}
