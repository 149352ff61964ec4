using Gateway.Audit.Records;
using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Identity.Listeners;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Policy.Text;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Telemetry;
using Gateway.Upstreams.Sessions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// <c>/mcp/{server}</c>: reads one message within the bounds and hands it to the pipeline; judges nothing itself.
/// </summary>
internal sealed class McpEndpoint(
    SnapshotHolder snapshots, CallPipeline pipeline, SessionEndpoint sessions, ISessionSealer sealer,
    GrantRevalidator grants, Readiness readiness, Troubles troubles, GatewayMetrics metrics, MemoryBudget memory,
    GatewayOptions options)
{
    private const string Gone =
        "the grant or its token has expired or was revoked; ask the gateway's operator for a new one";
    private readonly ReadingMemory _reading = new(memory, new McpReadOptions
    {
        DepthMax = options.DepthMax,
        BodyBytesMax = options.BodyBytesMax,
    });

    public async Task HandleAsync(HttpContext http, string server)
    {
        try
        {
            if (await IsJudgedAsync(http, server))
                return;
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            // What the web server says of a body that comes in: chunks that are none, an end that is missing, a crawl.
            await PlainResponse.FaultAsync(http, new McpFault(
                e.StatusCode, McpErrorCodes.InvalidRequest, $"The body cannot be read: {e.Message}", default));
        }

        if (http.Response.StatusCode >= StatusCodes.Status400BadRequest)
            metrics.RefusedAtTheEdge(http.Response.StatusCode);
    }

    /// <summary>False where the request was answered before any policy could see a message.</summary>
    private async Task<bool> IsJudgedAsync(HttpContext http, string server)
    {
        if (await AgentAccess.AdmitAsync(http, snapshots.Current) is not { } grant)
            return false;
        if (!grant.Bindings.ContainsKey(server))
        {
            var reached = string.Join(", ", grant.Bindings.Keys);
            await PlainResponse.TextAsync(http, StatusCodes.Status404NotFound,
                $"The grant {grant.Name} reaches no server of that name; it reaches: {reached}.");
            return false;
        }

        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (await ReadAsync(http, grant) is not { } body)
                return false;
            try
            {
                return await PostAsync(http, grant, server, body.Body);
            }
            finally
            {
                memory.GiveBack(grant.State.Memory, body.Held);
            }
        }

        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method))
            return await BodilessAsync(http, grant, server);
        await MethodNotAllowedAsync(http, "POST, GET, DELETE");
        return false;
    }

    /// <summary>The body, with the memory that is held for it; null after the refusal has been written.</summary>
    private async ValueTask<BodyRead?> ReadAsync(HttpContext http, GrantModel grant)
    {
        if (HeaderRules.CheckHead(http.Request.Headers) is { } unreadable)
        {
            await PlainResponse.FaultAsync(http, unreadable);
            return null;
        }

        var body = await BudgetedBody.ReadAsync(
            http.Request, options.BodyBytesMax, memory, grant.State.Memory, http.RequestAborted);
        if (body.End == BodyEnd.Whole)
            return body;
        if (body.End == BodyEnd.NoMemory)
            await NoMemory.WriteAsync(http, default);
        else
        {
            await PlainResponse.FaultAsync(http, new McpFault(StatusCodes.Status413PayloadTooLarge,
                McpErrorCodes.InvalidRequest,
                $"The message is longer than {options.BodyBytesMax} bytes, the most that this gateway reads.",
                default));
        }

        return null;
    }

    private async Task<bool> PostAsync(
        HttpContext http, GrantModel grant, string server, ReadOnlyMemory<byte> body)
    {
        // The message has arrived: from here on one instant and one snapshot decide, and a grant that was revoked or
        // expired while a slow body came in is refused. Whether that snapshot is too old is asked with the decision.
        if (grants.Now(grant, server) is not { } allowed)
        {
            await NotAnyMoreAsync(http, grant, server);
            return false;
        }

        allowed.Grant.State.Use(allowed.NowMs);
        if (await _reading.ReadAsync(grant.State.Memory, body, http.RequestAborted) is not { } read)
        {
            await NoMemory.WriteAsync(http, default);
            return false;
        }

        if (read.Message is not { } message)
        {
            await PlainResponse.FaultAsync(http, read.Fault!);
            return false;
        }

        if (HeaderRules.CheckMessage(http.Request.Headers, message, out var era) is { } fault)
        {
            await PlainResponse.FaultAsync(http, fault);
            return false;
        }

        if (message.Method == McpMethods.SubscriptionsListen && await RefusesStreamAsync(http))
            return false;

        var session = new SessionBinding(sealer, grant.Name, server);
        if (era == McpRevision.Legacy && !session.TryBind(http.Request.Headers[McpHeaders.SessionId]))
        {
            await SessionGone.WriteAsync(http, message.Id);
            return false;
        }

        using var span = GatewayTracing.Start(http.Request.Headers, server, message);
        using var call = new CallContext(http, allowed.Grant, allowed.Server, message, era, session, allowed.NowMs)
        {
            Span = span,
        };
        return await RunAsync(call);
    }

    private async Task<bool> RunAsync(CallContext call)
    {
        metrics.Began(call);
        try
        {
            await pipeline.RunAsync(call);
            return call.IsDecided;
        }
        catch (OperationCanceledException) when (call.Http.RequestAborted.IsCancellationRequested)
        {
            // The agent left before anything was written; there is nobody to answer.
            return true;
        }
        finally
        {
            metrics.Ended(call);
        }
    }

    private async Task<bool> BodilessAsync(HttpContext http, GrantModel grant, string server)
    {
        if (await DeniesAsStaleAsync(http))
            return false;
        if (HttpMethods.IsGet(http.Request.Method) && await RefusesStreamAsync(http))
            return false;
        if (grants.Now(grant, server) is { } allowed)
        {
            await sessions.HandleAsync(http, allowed.Grant, allowed.Server);
            return true;
        }

        await NotAnyMoreAsync(http, grant, server);
        return false;
    }

    private Task NotAnyMoreAsync(HttpContext http, GrantModel grant, string server) =>
        grants.WhyPaused(grant, server) is { } paused
            ? PausedResponse.WriteAsync(http, paused)
            : AgentAccess.UnauthorizedAsync(http, Gone);

    /// <summary>While the gateway drains: calls are taken to the last, a stream would be ended at once.</summary>
    private async ValueTask<bool> RefusesStreamAsync(HttpContext http)
    {
        if (!readiness.IsDraining)
            return false;
        http.Response.Headers.RetryAfter = "1";
        await PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable,
            "The gateway is shutting down and opens no more streams; try again.");
        return true;
    }

    private async ValueTask<bool> DeniesAsStaleAsync(HttpContext http)
    {
        if (readiness.ControlFault is not { } stale)
            return false;
        troubles.Refused(Trouble.Control, stale);
        http.Response.Headers.RetryAfter = "1";
        await PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable,
            PolicyText.Unavailable(stale, "Nothing was counted; try again in 1 s."));
        return true;
    }

    public static Task MethodNotAllowedAsync(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return PlainResponse.TextAsync(http, StatusCodes.Status405MethodNotAllowed,
            $"Allowed here: {allowed}.");
    }
}
