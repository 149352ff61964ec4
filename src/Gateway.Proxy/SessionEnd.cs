using Gateway.Limits;
using Gateway.Mcp;
using Gateway.Proxy.Edge;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy;

/// <summary>
/// DELETE on the MCP endpoint: the client ends its session with the server (Streamable HTTP, up to 2025-11-25).
/// </summary>
internal sealed class SessionEnd(UpstreamPool upstreams)
{
    public async Task HandleAsync(HttpContext http, GatewaySnapshot snapshot, string server)
    {
        var headers = http.Request.Headers;
        if (HeaderRules.CheckBodiless(headers, out _) is { } fault)
        {
            await PlainAnswer.FaultAsync(http, fault);
            return;
        }

        if (headers[McpHeaders.SessionId] is not [{ Length: > 0 } session])
        {
            await PlainAnswer.TextAsync(http, StatusCodes.Status400BadRequest,
                "DELETE ends a session; name it in one Mcp-Session-Id header.");
            return;
        }

        var request = new UpstreamRequest
        {
            Method = HttpMethod.Delete,
            ClientHeaders = headers,
            CallId = CallId.New().ToString(),
            SessionId = session,
        };
        try
        {
            var answer = await upstreams.Get(snapshot.Servers[server]).SendAsync(request, http.RequestAborted);
            await AnswerRelay.CopyAsync(answer, http, new RelayPlan { ServerName = server }, CancellationToken.None);
        }
        catch (UpstreamException e)
        {
            await PlainAnswer.TextAsync(http, StatusCodes.Status502BadGateway,
                $"The server {server} gave no answer: {e.Message}");
        }
    }
}
