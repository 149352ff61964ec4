using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Aggregation.Sessions;
using Gateway.Proxy.Aggregation.Streams;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation;

/// <summary>
/// The endpoint <c>/mcp</c>: every server of a grant as one. It decides nothing: each message passes, as a message for
/// one server, through the pipeline of that server's own address.
/// </summary>
internal sealed class AggregateEndpoint(
    SnapshotHolder snapshots, MessageReading reading, EdgeAvailability availability, AggregateSessions sessions,
    AggregateRouter router, SessionStreams streams, GatewayMetrics metrics)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            if (await HandleMessageAsync(http))
                return;
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await PlainResponse.FaultAsync(http, new McpFault(
                e.StatusCode, McpErrorCodes.InvalidRequest, $"The body cannot be read: {e.Message}", default));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left before anything was written, so no response is needed.
            return;
        }

        if (http.Response.StatusCode >= StatusCodes.Status400BadRequest)
            metrics.RefusedAtTheEdge(http.Response.StatusCode);
    }

    private async Task<bool> HandleMessageAsync(HttpContext http)
    {
        if (await AgentAccess.AdmitAsync(http, snapshots.Current, ResourceNames.All) is not { } grant)
            return false;
        if (await PausedRequests.RefusesAsync(http, snapshots.Current, grant, ResourceNames.All))
            return false;
        if (grant.IsOAuth && !grant.IsOfAll)
        {
            await UnauthorizedAsync(
                http, "the access token is for one server only; use it at that server's own address");
            return false;
        }

        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (await reading.ReadBodyAsync(http, grant, ResourceNames.All) is not { } body)
                return false;
            try
            {
                return await PostAsync(http, grant, body.Body);
            }
            finally
            {
                reading.GiveBack(grant, body);
            }
        }

        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method))
            return await BodilessAsync(http, grant);
        await McpEndpoint.MethodNotAllowedAsync(http, "POST, GET, DELETE");
        return false;
    }

    private async Task<bool> PostAsync(HttpContext http, GrantModel grant, ReadOnlyMemory<byte> body)
    {
        if (await reading.ReadOrRefuseAsync(http, grant, body) is not { } message)
            return false;
        if (HeaderRules.CheckMessage(http.Request.Headers, message, out var revision) is { } fault)
        {
            await PlainResponse.FaultAsync(http, fault);
            return false;
        }

        if (message.Method == McpMethods.SubscriptionsListen && await availability.RefusesStreamAsync(http))
            return false;
        if (!TryOpen(http, grant, revision, out var session))
        {
            await SessionGone.WriteAsync(http, message.Id);
            return false;
        }

        if (await McpEndpoint.IsOtherRevisionAsync(http, session?.Revision, message.Id))
            return false;

        using var request = new AggregateRequest(http, grant.InSession(session?.ClientId), message, revision)
        {
            Session = session,
        };
        // Servers are awaited concurrently. A server with many slow list pages may take longer; such requests are
        // counted as overdue.
        metrics.Began(request.Deadline, RequestDeadlines.Within + router.ServerWait);
        if (await IsOverAsync(request, body))
            return false;
        return await router.AnswerAsync(request);
    }

    private async Task<bool> BodilessAsync(HttpContext http, GrantModel grant)
    {
        if (await availability.DeniesAsStaleAsync(http))
            return false;
        if (HeaderRules.CheckBodiless(http.Request.Headers, out var revision) is { } fault)
        {
            await PlainResponse.FaultAsync(http, fault);
            return false;
        }

        if (revision == McpRevision.Stateless)
        {
            await McpEndpoint.MethodNotAllowedAsync(http, "POST");
            return false;
        }

        if (!TryOpen(http, grant, revision, out var session))
        {
            await SessionGone.WriteAsync(http, default);
            return false;
        }

        if (await McpEndpoint.IsOtherRevisionAsync(http, session?.Revision, default))
            return false;

        using var request = new AggregateRequest(http, grant.InSession(session?.ClientId), null, revision)
        {
            Session = session,
        };
        if (await IsOverAsync(request))
            return false;
        if (HttpMethods.IsDelete(http.Request.Method))
        {
            await streams.DeleteAsync(request);
            if (session is not null && http.Response.StatusCode < StatusCodes.Status400BadRequest)
                sessions.End(grant.CallerKey, session.ClientId);
        }
        else if (!await availability.RefusesStreamAsync(http))
            await streams.GetAsync(request);
        return true;
    }

    private bool TryOpen(HttpContext http, GrantModel grant, McpRevision revision, out AggregateSession? session)
    {
        session = null;
        var id = http.Request.Headers[McpHeaders.SessionId].ToString();
        if (revision == McpRevision.Stateless || id.Length == 0)
            return true;
        session = sessions.Open(grant.CallerKey, id);
        return session is not null;
    }

    /// <summary>
    /// Returns true if the grant was ended or paused since its admission, or has no server; the response has then been
    /// written.
    /// </summary>
    private async Task<bool> IsOverAsync(AggregateRequest request, ReadOnlyMemory<byte> body = default)
    {
        if (router.MayCall(request))
            return false;
        if (request.Servers.IsEmpty)
            await PlainResponse.TextAsync(request.Http, StatusCodes.Status404NotFound,
                $"The grant {request.Grant.Name} reaches no server.");
        else if (router.WhyPaused(request) is { } pause)
            await PausedRequests.RefuseAsync(request.Http, request.Grant, ResourceNames.All, body, pause);
        else
            await UnauthorizedAsync(request.Http, McpEndpoint.Gone);
        return true;
    }

    private Task UnauthorizedAsync(HttpContext http, string why) =>
        AgentAccess.UnauthorizedAsync(http, snapshots.Current, ResourceNames.All, why);
}
