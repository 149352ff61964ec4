using Gateway.Control.Snapshots;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The endpoint <c>/mcp/{server}</c>. It reads one message within the bounds and passes it to the pipeline; it
/// evaluates nothing itself.
/// </summary>
internal sealed class McpEndpoint(
    SnapshotHolder snapshots, CallRunner runner, SessionEndpoint sessions, GrantRevalidator grants,
    EdgeAvailability availability, MessageReading reading, MessageRewrites rewrites)
{
    /// <summary>The reason why a token that was valid no longer is.</summary>
    internal const string Gone =
        "the grant or its token has expired or was revoked; ask the gateway's operator for a new one";

    public async Task HandleAsync(HttpContext http, string name)
    {
        // From here on, a renamed server has its first name, under which its state is stored.
        var server = snapshots.Current.Names.FirstOf(name);
        try
        {
            if (await HandleMessageAsync(http, server))
                return;
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            // The web server rejected the body: invalid chunks, a missing end, or a transfer that is too slow.
            await PlainResponse.FaultAsync(http, new McpFault(
                e.StatusCode, McpErrorCodes.InvalidRequest, $"The body cannot be read: {e.Message}", default));
        }

        runner.Unseen(http.Response.StatusCode);
    }

    /// <summary>
    /// Handles the request; returns false if the response was written before any policy could see a message.
    /// </summary>
    private async Task<bool> HandleMessageAsync(HttpContext http, string server)
    {
        if (await AgentAccess.AdmitAsync(http, snapshots.Current, server) is not { } grant)
            return false;
        if (await PausedRequests.RefusesAsync(http, snapshots.Current, grant, server))
            return false;
        if (grant.IsOfAll)
        {
            await UnauthorizedAsync(http, server, "the access token is for all servers as one; use it at /mcp");
            return false;
        }

        if (!grant.Bindings.ContainsKey(server))
        {
            // A token is for one server (RFC 8707); the client receives a challenge to sign in for this one.
            if (grant.IsOAuth)
            {
                await UnauthorizedAsync(http, server, "the access token is for another server");
                return false;
            }

            // There is no fall-through to another grant that the caller's claims match.
            if (grant.Identity is not null)
            {
                await MissingServer.RefuseAsync(http, grant, server);
                return true;
            }

            var reached = string.Join(", ", grant.Bindings.Keys.Select(snapshots.Current.Names.Shown));
            await PlainResponse.TextAsync(http, StatusCodes.Status404NotFound,
                $"The grant {grant.Name} reaches no server of that name; it reaches: {reached}.");
            return false;
        }

        if (HttpMethods.IsPost(http.Request.Method))
        {
            if (await reading.ReadBodyAsync(http, grant, server) is not { } body)
                return false;
            try
            {
                return await PostAsync(http, grant, server, body.Body);
            }
            finally
            {
                reading.GiveBack(grant, body);
            }
        }

        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsDelete(http.Request.Method))
            return await BodilessAsync(http, grant, server);
        await MethodNotAllowedAsync(http, "POST, GET, DELETE");
        return false;
    }

    private async Task<bool> PostAsync(
        HttpContext http, GrantModel grant, string server, ReadOnlyMemory<byte> body)
    {
        // The message has arrived. From here on, one instant and one snapshot decide, and a grant that was revoked or
        // expired while a slow body arrived is refused. The age of the snapshot is checked with the decision.
        if (grants.Now(grant, server) is not { } allowed)
        {
            await NotAnyMoreAsync(http, grant, server, body);
            return false;
        }

        allowed.Grant.State.Use(allowed.NowMs);
        if (await reading.ReadOrRefuseAsync(http, grant, body) is not { } message)
            return false;
        if (HeaderRules.CheckMessage(http.Request.Headers, message, out var revision) is { } fault)
        {
            await PlainResponse.FaultAsync(http, fault);
            return false;
        }

        if (message.Method == McpMethods.SubscriptionsListen && await availability.RefusesStreamAsync(http))
            return false;

        var session = sessions.Binding(grant, server);
        if (revision == McpRevision.Legacy && !session.TryBind(http.Request.Headers[McpHeaders.SessionId]))
        {
            await SessionGone.WriteAsync(http, message.Id);
            return false;
        }

        if (revision == McpRevision.Legacy && await IsOtherRevisionAsync(http, session.Revision, message.Id))
            return false;
        allowed.Grant = allowed.Grant.InSession(session.Session?.CounterId);
        var received = new AgentMessage(
            http, allowed.Grant, HandshakeRequest.Of(message, revision, out var requested), revision,
            new AgentAddress(server, [], null));
        var rewriting = rewrites.RunAsync(received, allowed.Server);
        var result = rewriting.IsCompletedSuccessfully ? rewriting.Result : await rewriting.AsTask();
        if (!result.TryGetOutput(out var rewritten))
            return false;
        using var span = GatewayTracing.Start(http.Request.Headers, server, rewritten.Message);
        using var call = new CallContext(
            http, allowed.Grant, allowed.Server, rewritten.Message, revision, session, allowed.NowMs)
        {
            Span = span,
            Retry = rewritten.Retry,
            Virtual = rewritten.Virtual,
            Tasks = rewritten.Tasks,
            RequestedRevision = requested,
        };
        return await runner.RunAsync(call);
    }

    /// <summary>
    /// Returns true if the revision of the message differs from that of its session; the message has then been
    /// rejected.
    /// </summary>
    public static async Task<bool> IsOtherRevisionAsync(HttpContext http, string? agreed, ReadOnlyMemory<byte> id)
    {
        if (HandshakeRequest.Check(http.Request.Headers, agreed, id) is not { } fault)
            return false;
        await PlainResponse.FaultAsync(http, fault);
        return true;
    }

    private async Task<bool> BodilessAsync(HttpContext http, GrantModel grant, string server)
    {
        if (await availability.DeniesAsStaleAsync(http))
            return false;
        if (HttpMethods.IsGet(http.Request.Method) && await availability.RefusesStreamAsync(http))
            return false;
        if (grants.Now(grant, server) is { } allowed)
        {
            await sessions.HandleAsync(http, allowed.Grant, allowed.Server);
            return true;
        }

        await NotAnyMoreAsync(http, grant, server, default);
        return false;
    }

    private Task NotAnyMoreAsync(HttpContext http, GrantModel grant, string server, ReadOnlyMemory<byte> body) =>
        grants.WhyPaused(grant, server) is { } pause
            ? PausedRequests.RefuseAsync(http, grant, server, body, pause)
            : UnauthorizedAsync(http, server, Gone);

    private Task UnauthorizedAsync(HttpContext http, string server, string why) =>
        AgentAccess.UnauthorizedAsync(http, snapshots.Current, server, why);

    public static Task MethodNotAllowedAsync(HttpContext http, string allowed)
    {
        http.Response.Headers.Allow = allowed;
        return PlainResponse.TextAsync(http, StatusCodes.Status405MethodNotAllowed,
            $"Allowed here: {allowed}.");
    }
}
