using Gateway.Control.Health;
using Gateway.Control.Memory;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.Forwarding;
using Gateway.Proxy.OwnResources;
using Gateway.Proxy.Results;
using Gateway.Proxy.RetryTokens;
using Gateway.Proxy.Tasks;
using Gateway.Proxy.Telemetry;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that relays the response as it arrives; lists are filtered. Before the end of the response is relayed, an
/// error has refunded its numbers, and a request for input has stored the retry token.
/// </summary>
internal sealed class RelayStage(
    RetryTokenStore tokens, Readiness readiness, MemoryBudget memory, ProcessClock clock, ResultFilters results,
    StreamWatch watch, GatewayMetrics metrics)
    : IStage<ForwardedCall, RelayedCall>
{
    public async ValueTask<StageResult<RelayedCall>> RunAsync(ForwardedCall input)
    {
        if (input.Answer is not { } answer)
            return new RelayedCall(input, default);
        var call = input.Admitted.Call;
        using var drain = call.Message.Method == McpMethods.SubscriptionsListen
            ? CancellationTokenSource.CreateLinkedTokenSource(call.Binding.Ended, readiness.Draining)
            : call.Open is { } open ? CancellationTokenSource.CreateLinkedTokenSource(call.Binding.Ended, open.Lost)
            : null;
        // The client of several servers has one stream and gets each notification on it once.
        using var views = call.Message.Method == McpMethods.SubscriptionsListen && !call.IsMergedStream
            ? watch.Views.Watch(call.Grant, call.ServerName, call.Message) : null;
        var filter = results.Of(call, input.Admitted.Decision, answer);
        if (answer.MediaType == MediaTypes.EventStream && call.Revision == McpRevision.Legacy)
            await watch.Resumes.MarkAsync(call);
        var plan = Plan(input, answer, filter, views);
        var outcome = await ResponseRelay.CopyAsync(answer, call.Http, plan, drain?.Token ?? call.Binding.Ended);
        return new RelayedCall(input, outcome, filter?.Findings.Record, plan.Handshake);
    }

    private PolicyListFilter? FilterOf(CallContext call) =>
        call.Message.PolicedBy == McpPolicing.List ? ListFilterOf(call) : null;

    // A separate method, so that other messages do not allocate what the callback captures.
    private PolicyListFilter ListFilterOf(CallContext call) => new(
        call.Binding.Policy, watch.Pinned, results.Watch(call.Grant.CallerKey, call.ServerName, call.Binding.Policy),
        call.Listed, call.Grant.VirtualTools, tool => metrics.Listed(call, tool), call.Grant.Identity?.Caller)
    {
        ShowsApps = call.Revision == McpRevision.Stateless
            ? ClientCapabilities.Declares(call.Message, KnownExtensions.Apps) : call.Session.ShowsApps,
    };

    private RelayPlan Plan(
        ForwardedCall forwarded, UpstreamResponse answer, ResultFilter? filter, IStreamNotices? notices)
    {
        var (admitted, life) = (forwarded.Admitted, forwarded.Life);
        var call = admitted.Call;
        call.Session.OpensUrls |= UrlElicitation.IsDeclaredIn(call.Message);
        if (call is { Revision: McpRevision.Legacy, Message.Method: McpMethods.Initialize })
            call.Session.ShowsApps = ClientCapabilities.DeclaresAtOpening(call.Message, KnownExtensions.Apps);
        // The document of a call that runs later admits its further rounds.
        var mayRetry = call is { Revision: McpRevision.Stateless, Claim: null } && admitted.MayRetry;
        var isRequest = call.Message.Kind == McpMessageKind.Request;
        return new RelayPlan
        {
            // A subscription has no final response.
            ExpectsResponse = isRequest && call.Message.Method != McpMethods.SubscriptionsListen,
            IsCanceled = isRequest && call.Revision == McpRevision.Legacy ? () => watch.Resumes.IsCanceled(call) : null,
            MayResume = call.MayResume,
            Handshake = isRequest && call is { Revision: McpRevision.Legacy, Message.Method: McpMethods.Initialize }
                ? new Handshake(call.RequestedRevision, revision => call.Session.Revision = revision)
                : null,
            ServerName = call.Server.Name,
            RequestId = call.Message.Id,
            ListFilter = call.Binding.Policy.ShowsLimits
                ? OwnListing.Over(FilterOf(call), call.Message, call.Revision) : FilterOf(call),
            Results = filter,
            Rewriter = CallRewriters.Of(call, watch.Tasks, watch.Pinned),
            Time = watch.Time,
            CommentEvery = watch.Options.CommentEvery,
            CommentAhead = call.Stream is { } stream ? stream.SendCommentAsync : null,
            Notices = notices,
            OnListChanged = () => watch.Pinned.Changed(call.ServerName),
            // Inspected responses must not be encoded, because events cannot be.
            InspectsErrors = admitted.HasRefundable || call.IsStreaming || mayRetry || life.Timeout is not null,
            Timeout = life.Timeout is { } timeout
                ? new RelayTimeout(timeout.Extend, () => timeout.Response(call, wasWritten: true), timeout.Token)
                : null,
            SealSession = call.Session.ToClient,
            EndsWithClient = call.EndsWithClient,
            OnAbandoned = life.Abandon,
            Memory = memory,
            Share = call.Grant.State.Memory,
            BeforeEnd = admitted.HasRefundable || call.Open is not null || call.ShadowOpen is not null
                ? CommitAsync : null,
            BeforeRetry = mayRetry ? state => tokens.IssueAsync(call, state, admitted.FreeRetries) : null,
        };

        async ValueTask CommitAsync(bool isError, ReadOnlyMemory<byte> response)
        {
            // With an HTTP error status, the response may still be arriving.
            var task = CreatedTask.Read(response);
            if (answer.StatusCode < 400 && !watch.OpenTasks.TryTake(admitted, task))
                await call.ReleasePlacesAsync();
            // A redirect is not followed and becomes a 502 here, but it is not an error of the server.
            if ((isError || task is { End: TaskEnd.Failed }) && answer.StatusCode is not (>= 300 and < 400))
                await admitted.RefundAsync(clock.NowMs());
            else
                admitted.Complete();
        }
    }
}
