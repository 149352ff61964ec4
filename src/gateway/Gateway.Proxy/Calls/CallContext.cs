using System.Diagnostics;
using Gateway.Audit.Records;
using Gateway.Control.Snapshots;
using Gateway.Control.Virtual;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.InFlight;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Upstreams.Sessions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Calls;

/// <summary>One message of one agent in the pipeline; it lives as long as its HTTP request.</summary>
internal sealed class CallContext(
    HttpContext http, GrantModel grant, ServerModel server, McpMessage message, McpRevision revision,
    SessionBinding session, long nowMs) : IAuditedCall, IDisposable
{
    private bool _isCounted;
    private string? _idText;
    private OpenCall? _open;
    private OpenCall? _shadowOpen;
    private CallLife? _life;

    public HttpContext Http => http;

    public GrantModel Grant { get; private set; } = grant;

    public ServerModel Server { get; private set; } = server;

    public GrantBinding Binding { get; private set; } = grant.Bindings[server.Name];

    public string GrantName => Grant.Name;

    public Caller? Caller => Grant.Identity?.Caller;

    public string ServerName => Server.Name;

    public string? PolicyName => Binding.PolicyName;

    public string? PolicySha256 => Binding.PolicySha256;

    public McpMessage Message => message;

    public McpRevision Revision => revision;

    /// <summary>
    /// True if the call ends with its client's connection. Only from 2026-07-28 on does closing it cancel the call. A
    /// call that holds a place in flight does not end: the place is free once the server has responded, and only this
    /// call receives that response.
    /// </summary>
    public bool EndsWithClient => Revision == McpRevision.Stateless && Open is null;

    /// <summary>
    /// True if the client can resume the event stream of the response: from 2025-03-26 to 2025-11-25, in a session.
    /// </summary>
    public bool MayResume => Revision == McpRevision.Legacy && session.Session is not null
        && (session.Revision ?? http.Request.Headers[McpHeaders.ProtocolVersion].ToString()) != McpVersions.First;

    /// <summary>The session that the message is in, if any.</summary>
    public SessionBinding Session => session;

    public string? SessionCounterId => session.Session?.CounterId;

    /// <summary>
    /// The instant of the whole decision, in Unix milliseconds. It is read once, when the message has arrived, and
    /// again only for a call that waited for a person.
    /// </summary>
    public long NowMs { get; private set; } = nowMs;

    /// <summary>The time at which the message had arrived, in Unix milliseconds.</summary>
    public long ArrivedMs { get; } = nowMs;

    /// <summary>
    /// True if the response is already an event stream; the response of the server must then not be encoded.
    /// </summary>
    public bool IsStreaming => Stream is not null;

    /// <summary>The event stream that began before the response.</summary>
    public ICallStream? Stream { get; set => field = Once(field, value); }

    /// <summary>The time by which the gateway must be done with the call.</summary>
    public RequestDeadline Deadline { get; } = new();

    /// <summary>True after the gateway ended the call before the response of the server.</summary>
    public bool IsEndedByGateway { get; set; }

    /// <summary>The gateway's id of one attempt to forward the call; each further attempt has another.</summary>
    public CallId Id { get; private set; } = CallId.New();

    /// <summary>The call id as text, cached because the record uses it twice and the server receives it.</summary>
    public string IdText => _idText ??= Id.ToString();

    /// <summary>The label under which figures count the call's tool; null before its decision.</summary>
    public string? ToolLabel { get; set => field = Once(field, value); }

    /// <summary>The claim under which an approved call runs later; null for a call of a connected client.</summary>
    public TaskClaim? Claim { get; init; }

    /// <summary>The further wait of a call that waits for room of a limit and was not made; null otherwise.</summary>
    public PostponedCall? Postponed { get; set => field = Once(field, value); }

    /// <summary>The wait for a person, once it is possible.</summary>
    public IDisposable? Wait { get; set => field = Once(field, value); }

    /// <summary>The call's place among the grant's streams; released with the call.</summary>
    public IDisposable? Place { get; set => field = Once(field, value); }

    /// <summary>The call's places among the calls in flight; null if the policy sets no bound.</summary>
    public OpenCall? Open { get => _open; set => _open = Next(_open, value); }

    /// <summary>The call's places on the counters of shadow mode.</summary>
    public OpenCall? ShadowOpen { get => _shadowOpen; set => _shadowOpen = Next(_shadowOpen, value); }

    /// <summary>The protocol revision that the client requested by <c>initialize</c>.</summary>
    public string? RequestedRevision { get; init; }

    /// <summary>True if its server is one of several that the client reaches at one address.</summary>
    public bool IsOfSeveral { get; init; }

    /// <summary>True if it is refused in any case, with a link if its caller must connect an account first.</summary>
    public bool MayOnlyConnect { get; init; }

    /// <summary>True if its response becomes part of one stream of several servers.</summary>
    public bool IsMergedStream { get; init; }

    /// <summary>The state of an approval that the agent's retry sent back.</summary>
    public ApprovalRetry? Retry { get; init; }

    /// <summary>The call that the agent made, if the message was rebuilt.</summary>
    public VirtualCall? Virtual { get; init; }

    /// <summary>The tasks that the message names; null if it concerns none.</summary>
    public CallTasks? Tasks { get; init; }

    /// <summary>The virtual tools of the grant when the message was rebuilt or left unchanged.</summary>
    public VirtualTools? RebuiltBy { get; init; } = grant.VirtualTools;

    /// <summary>
    /// The callback that receives every entry that the server lists in its response, allowed or not; null if nothing
    /// needs them.
    /// </summary>
    public Action<McpListKind, string>? Listed { get; init; }

    /// <summary>The rewriter of the server's response after its evaluation; null if nothing changes.</summary>
    public IMessageRewriter? Rewriter { get; init; }

    /// <summary>The span of this call; null if tracing is off.</summary>
    public Activity? Span { get; init; }

    /// <summary>Prepares a new evaluation after a wait, by the current grant and policy.</summary>
    public void Reevaluate(GrantModel currentGrant, ServerModel currentServer, long currentMs)
    {
        (Grant, Server, NowMs) = (currentGrant, currentServer, currentMs);
        Binding = currentGrant.Bindings[currentServer.Name];
    }

    /// <summary>Begins a further attempt, which has another id.</summary>
    public void BeginAttempt() => (Id, _idText) = (CallId.New(), null);

    /// <summary>Restores the id of an earlier attempt, because the response to that attempt stands.</summary>
    public void ReturnTo(CallId attempt) => (Id, _idText) = (attempt, null);

    /// <summary>Disposes <paramref name="life"/> with the call, unless <see cref="EndLife"/> did so earlier.</summary>
    public void Begin(CallLife life) => _life = life;

    /// <summary>True while the call is open and a byte of it may have reached its server.</summary>
    public bool WasWritten => _life is { WasWritten: true };

    /// <summary>Ends sending and relaying of the call.</summary>
    public void EndLife()
    {
        _life?.Dispose();
        _life = null;
    }

    /// <summary>Frees the places after the server has responded or if it never received the call.</summary>
    public async ValueTask ReleasePlacesAsync()
    {
        if (Open is { } open)
            await open.ReleaseAsync();
        if (ShadowOpen is { } shadow)
            await shadow.ReleaseAsync();
    }

    /// <summary>Returns the places, which no longer end with the call.</summary>
    public List<OpenCall> TakePlaces()
    {
        List<OpenCall> places = [.. new[] { Open, ShadowOpen }.OfType<OpenCall>()];
        (_open, _shadowOpen) = (null, null);
        return places;
    }

    /// <summary>
    /// Keeps the places, because the server may still be working while nothing waits for its response.
    /// </summary>
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

    /// <summary>Returns the value of a member that one stage sets at most once.</summary>
    private static T? Once<T>(T? present, T? value)
        where T : class => present is null ? value
        : throw new InvalidOperationException($"The call already has a {typeof(T).Name}.");

    /// <summary>
    /// Returns the places of a further attempt, which may replace only places that are no longer held.
    /// </summary>
    private static OpenCall? Next(OpenCall? present, OpenCall? next) => present is { IsHeld: true }
        ? throw new InvalidOperationException("The call still holds its places.") : next;

    /// <summary>Handles the places of a call without an end; the places of all other calls have been handled.</summary>
    private void ReleaseOrKeep(OpenCall? open)
    {
        if (WasWritten)
            open?.KeepUnanswered();
        else if (open is { IsUnanswered: false })
            _ = open.ReleaseAsync();
    }

    /// <summary>Returns true the first time: a call counts once in the metrics regardless of its attempts.</summary>
    public bool TryCount()
    {
        var isFirst = !_isCounted;
        _isCounted = true;
        return isFirst;
    }
}

/// <summary>The event stream that began before the response to a call, as other stages see it.</summary>
internal interface ICallStream
{
    /// <summary>Sends a comment, so that no proxy on the path considers the connection idle.</summary>
    ValueTask SendCommentAsync(CancellationToken cancellationToken);

    /// <summary>Ends the stream after the response.</summary>
    ValueTask EndAsync();
}

/// <summary>
/// The state that the gateway sealed for a client with a link to an approval and that a retry sent back.
/// </summary>
/// <param name="Call">The digest of the call that needs the approval.</param>
/// <param name="IsDeclined">True if the client's user declined to open the link.</param>
internal sealed record ApprovalRetry(string Call, bool IsDeclined);

/// <summary>A call that waits on for room of a limit.</summary>
/// <param name="Turn">Its turn.</param>
/// <param name="Cost">The cost for which the limit has no room.</param>
internal sealed record PostponedCall(CallTurn Turn, LimitCost Cost);
