using System.Diagnostics;
using Gateway.Limits;
using Gateway.Mcp;
using Gateway.Proxy.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy;

/// <summary>One message of one agent on its way through the pipeline; lives as long as its HTTP request.</summary>
internal sealed class GatewayCall(
    HttpContext http, GrantModel grant, ServerModel server, McpMessage message, McpEra era, SessionBinding session,
        long nowMs)
{
    private bool _isCounted;

    public HttpContext Http => http;

    public GrantModel Grant => grant;

    public ServerModel Server => server;

    public GrantBinding Binding { get; } = grant.Bindings[server.Name];

    public McpMessage Message => message;

    public McpEra Era => era;

    /// <summary>The session that the message is in, if any.</summary>
    public SessionBinding Session => session;

    /// <summary>
    /// The instant of the whole decision, Unix milliseconds; read once, when the message had arrived.
    /// </summary>
    public long NowMs => nowMs;

    /// <summary>When the message had arrived, on the monotonic clock; for durations only.</summary>
    public long ArrivedTicks { get; set; }

    /// <summary>Ours, for one attempt to forward; a further attempt gets another.</summary>
    public CallId Id { get; set; } = CallId.New();

    /// <summary>The rule that decided, once there is one.</summary>
    public string Rule { get; set; } = "";

    /// <summary>This call's span, where anybody listens to spans.</summary>
    public Activity? Span { get; init; }

    /// <summary>True the first time: a call counts once in the metrics, however many attempts it takes.</summary>
    public bool TryCount()
    {
        var isFirst = !_isCounted;
        _isCounted = true;
        return isFirst;
    }
}
