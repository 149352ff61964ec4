using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Apps;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Results;
using Gateway.Proxy.Tasks;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Pool;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Upstreams.Sessions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The requests without a body (Streamable HTTP, up to 2025-11-25): GET opens or resumes the server's own stream,
/// DELETE ends the session. Lists on such a stream are filtered, because the request that they respond to is unknown.
/// </summary>
internal sealed class SessionEndpoint(
    UpstreamPool upstreams, ISessionSealer sealer, StreamLimiter slots, Readiness readiness,
    MemoryBudget memory, ResultFilters results, StreamWatch watch)
{
    /// <summary>
    /// Returns the session binding of a request of this grant; the session itself is not looked up yet.
    /// </summary>
    public SessionBinding Binding(GrantModel grant, string server) => new(sealer, grant.CallerKey, server);

    public async Task HandleAsync(HttpContext http, GrantModel grant, ServerModel server)
    {
        var isStream = HttpMethods.IsGet(http.Request.Method);
        if (HeaderRules.CheckBodiless(http.Request.Headers, out var revision) is { } fault)
        {
            await PlainResponse.FaultAsync(http, fault);
            return;
        }

        // From 2026-07-28 on there are neither sessions nor streams without a request.
        if (revision == McpRevision.Stateless)
        {
            await McpEndpoint.MethodNotAllowedAsync(http, "POST");
            return;
        }

        var binding = grant.Bindings[server.Name];
        if (!binding.Policy.HasPolicy && isStream)
        {
            await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                $"The grant {grant.Name} has no policy for the server {server.Name}, so no stream is opened.");
            return;
        }

        var session = Binding(grant, server.Name);
        if (!session.TryBind(http.Request.Headers[McpHeaders.SessionId]))
        {
            await SessionGone.WriteAsync(http, default);
            return;
        }

        if (await McpEndpoint.IsOtherRevisionAsync(http, session.Revision, default))
            return;

        grant = grant.InSession(session.Session?.CounterId);
        using var slot = isStream ? slots.TryEnter(grant.Name) : null;
        if (isStream && slot is null)
        {
            await PlainResponse.TextAsync(http, StatusCodes.Status429TooManyRequests, TooManyStreams.Text);
            return;
        }

        using var views = isStream ? watch.Views.Watch(grant, server.Name) : null;
        await RelayAsync(http, grant, server, session, views);
    }

    /// <summary>Forwards a request that may be sent, in its session.</summary>
    public async Task RelayAsync(
        HttpContext http, GrantModel grant, ServerModel server, SessionBinding session,
        IStreamNotices? notices = null, IMessageRewriter? rewriter = null)
    {
        // A client whose stream ends on a shutdown opens it again at another gateway.
        var (policy, access) = (grant.Bindings[server.Name].Policy, grant.Bindings[server.Name].Ended);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(access, readiness.Draining);
        var ended = end.Token;
        var request = new UpstreamRequest
        {
            Method = new HttpMethod(http.Request.Method),
            ClientHeaders = http.Request.Headers,
            CallId = CallId.New().ToString(),
            SessionId = session.Session?.UpstreamId,
            Caller = grant.CallerKey,
            Grant = grant,
            SubjectToken = http.Features.Get<SubjectToken>(),
            Memory = grant.State.Memory,
            CallerEnded = access,
        };
        var filter = HttpMethods.IsGet(http.Request.Method) ? results.Of(grant, server.Name, session.Session) : null;
        var isResumed = http.Request.Headers.ContainsKey(McpHeaders.LastEventId);
        using var resumed = !isResumed ? null
            : await watch.Resumes.ResumeAsync(grant.CallerKey, server.Name, session.Session);
        var plan = new RelayPlan
        {
            Results = filter,
            Rewriter = RewriterOf(grant, server, rewriter, resumed),
            Time = watch.Time,
            CommentEvery = watch.Options.CommentEvery,
            OnMessage = resumed is { HasCalls: true } ? resumed.See : null,
            Notices = notices,
            OnListChanged = () => watch.Pinned.Changed(server.Name),
            ServerName = server.Name,
            ListFilter = new PolicyListFilter(
                policy, watch.Pinned, results.Watch(grant.CallerKey, server.Name, policy), tools: grant.VirtualTools,
                caller: grant.Identity?.Caller)
            { ShowsApps = session.ShowsApps },
            SealSession = session.ToClient,
            Memory = memory,
            Share = grant.State.Memory,
        };
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, ended);
            var answer = await upstreams.Get(server).SendAsync(request, either.Token);
            if (answer.StatusCode == StatusCodes.Status405MethodNotAllowed && notices is not null && !isResumed)
            {
                // The server has no stream of its own, but the gateway has notifications to send.
                answer.Dispose();
                answer = UpstreamResponse.Silent();
            }

            await ResponseRelay.CopyAsync(answer, http, plan, ended);
            await results.RecordAsync(filter, request.CallId, grant, server.Name);
        }
        catch (UpstreamException e)
        {
            await PlainResponse.TextAsync(http, Unanswered.StatusOf(http, e),
                $"The server {server.Name} did not respond: {e.Message}");
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client closed its stream before the server responded.
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private IMessageRewriter? RewriterOf(
        GrantModel grant, ServerModel server, IMessageRewriter? rewriter, OpenResumes.Resumed? resumed)
    {
        var apps = AppFilter.Of(grant.Bindings[server.Name].Policy, watch.Pinned, showsApps: null);
        return RewriterPair.Of(
            // Without the call, the tool of a new task is unknown, and no policy could evaluate requests about it. The
            // server's id passes, and no later request accepts it.
            new TaskRewriter(
                watch.Tasks, TaskHandles.CallerOf(grant), server, null, resumed is null ? null : resumed.TaskOf),
            RewriterPair.Of(apps is null ? null : new AppContents(apps, default), rewriter));
    }

    /// <summary>Opens a stream that carries only the gateway's own notifications.</summary>
    public async Task NotifyAsync(HttpContext http, GrantModel grant, IStreamNotices notices)
    {
        CancellationToken[] ends = [readiness.Draining, .. grant.Bindings.Values.Select(static one => one.Ended)];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ends);
        var plan = new RelayPlan
        {
            Time = watch.Time,
            CommentEvery = watch.Options.CommentEvery,
            Notices = notices,
            Memory = memory,
            Share = grant.State.Memory,
        };
        await ResponseRelay.CopyAsync(UpstreamResponse.Silent(), http, plan, end.Token);
    }
}
