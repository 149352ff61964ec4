using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp.Reading;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Delegation;
using Gateway.Proxy.OwnResources;
using Gateway.Proxy.Refusals;
using Gateway.Proxy.Upstreams;
using Gateway.Proxy.Upstreams.Relay;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that refuses an allowed call for which its caller must first connect an account at the server. It comes
/// before approvals and limits, so that nothing is used up.
/// </summary>
internal sealed class ConnectionStage(CallerConnections connections, ConnectionLinks links)
    : IStage<DecidedCall, DecidedCall>
{
    private const string Unavailable = "(connections unavailable)";

    public ValueTask<StageResult<DecidedCall>> RunAsync(DecidedCall input) =>
        !input.Call.Server.IsPerCaller || OwnAnswers.Answers(input.Call)
            ? new(input)
            : RequireAsync(input);

    private async ValueTask<StageResult<DecidedCall>> RequireAsync(DecidedCall input)
    {
        var call = input.Call;
        var owner = ConnectionOwner.Of(call.Grant);
        try
        {
            var token = await connections.FindAsync(
                call.Server, owner.NameAt(call.Server.Name), call.Http.RequestAborted);
            if (token.Why is { } why)
            {
                return StageEnd.Refuse(await links.RefusalAsync(
                    call, $"calls to {call.ServerName} use your own account there, and {why}"));
            }

            return !call.MayOnlyConnect ? input : StageEnd.Refuse(new Refusal(
                RefusalCategory.Unavailable, Unavailable,
                $"{call.ServerName} cannot open a session now, or does not list this name",
                "Nothing was counted. List the names again, and try again in a few seconds."));
        }
        catch (ControlStoreException)
        {
            return StageEnd.Refuse(Refusal.Unavailable(
                Trouble.Control, Unavailable,
                $"calls to {call.ServerName} carry your own connection, and the gateway cannot reach the store of its "
                    + "connections"));
        }
        catch (IOException e)
        {
            return StageEnd.Refuse(new Refusal(
                RefusalCategory.Unavailable, Unavailable,
                $"your connection to {call.ServerName} cannot be used now: {e.Message.TrimEnd('.')}",
                "Nothing was counted. Try again in a few seconds; if this persists, tell the gateway's operator."));
        }
    }
}

/// <summary>
/// The stage that relays a response, unless the server requires a token with more scopes: then the caller's person gets
/// a link to allow them, and the call counts as an error. The connection stays as it is for all other calls.
/// </summary>
internal sealed class ScopeStage(
    RelayStage relay, CallerConnections connections, ConnectionLinks links, ProcessClock clock)
    : IStage<ForwardedCall, RelayedCall>
{
    public ValueTask<StageResult<RelayedCall>> RunAsync(ForwardedCall input) =>
        input.Answer is { LackedScope: { } lacked } answer
            ? RequireAsync(input, answer, lacked) : relay.RunAsync(input);

    private async ValueTask<StageResult<RelayedCall>> RequireAsync(
        ForwardedCall input, UpstreamResponse answer, string lacked)
    {
        var (admitted, call) = (input.Admitted, input.Admitted.Call);
        if (await RefusalAsync(call, lacked) is not { } refusal)
            return await relay.RunAsync(input);
        answer.Dispose();
        if (admitted.HasRefundable)
            await admitted.RefundAsync(clock.NowMs());
        var end = RelayEnd.Completed;
        try
        {
            await RefusalWriter.WriteAsync(call, refusal, limit: null, costs: []);
        }
        catch (OperationCanceledException) when (call.Http.RequestAborted.IsCancellationRequested)
        {
            end = RelayEnd.ClientGone;
        }

        return new RelayedCall(input, new RelayOutcome(
            answer.StatusCode, IsError: true, Bytes: 0, end, IsAnswered: true));
    }

    /// <summary>Returns the refusal with the link; null if no link would help.</summary>
    private async ValueTask<Refusal?> RefusalAsync(CallContext call, string lacked)
    {
        var server = call.Server;
        // The operator's scope is the only one that is requested.
        if (lacked.Length == 0 || server.OAuth?.Scope is not null)
            return null;
        try
        {
            var wider = await connections.WiderScopeAsync(
                ConnectionOwner.Of(call.Grant).NameAt(server.Name), lacked, call.Http.RequestAborted);
            return wider is null ? null : await links.RefusalAsync(
                call,
                $"{call.ServerName} did not run this call, because it requires more access to your account there "
                    + $"(scope \"{Printable.Of(lacked)}\")",
                wider);
        }
        catch (Exception e) when (e is ControlStoreException or OperationCanceledException)
        {
            return null;
        }
    }
}

/// <summary>The refusals with a link to connect.</summary>
internal sealed class ConnectionLinks(
    ConnectionRequests requests, SnapshotHolder snapshots, LinkQuestions questions, ProcessClock clock)
{
    private const string Purpose = "connection";
    private const long StateMs = 10 * 60_000;

    /// <summary>Returns the refusal of a call whose caller must connect.</summary>
    /// <param name="call">The call.</param>
    /// <param name="reason">The reason, as a sentence without its full stop.</param>
    /// <param name="scope">See <see cref="ConnectionRequest.Scope"/>.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<Refusal> RefusalAsync(CallContext call, string reason, string? scope = null)
    {
        if (snapshots.Current.OAuth is not { } oauth)
        {
            return new Refusal(
                RefusalCategory.Denied, Refusal.NotConnectedRule, reason,
                "Ask the gateway's operator to set \"oauth\", so that the gateway has a page on which you can "
                + "connect.");
        }

        if (await requests.LinkAsync(
            call.Server.Name, ConnectionOwner.Of(call.Grant), scope, CancellationToken.None) is not { } id)
        {
            return new Refusal(
                RefusalCategory.Denied, Refusal.NotConnectedRule, reason,
                "You have links for many scopes of this server. Use one of these links, or call again in ten minutes.");
        }

        var url = $"{oauth.Issuer}{ConnectionPaths.Below}{id}";
        var digest = CallDigest.Of(Purpose, call.Grant, call.Server, call.Message, McpReadBounds.Default.DepthMax);
        return new Refusal(
            RefusalCategory.Denied, Refusal.NotConnectedRule, reason,
            $"Ask your user to open {url} , sign in and connect; then call again.")
        {
            ConnectUrl = url,
            RequestState = await questions.StateAsync(call, clock.NowMs() + StateMs, digest),
        };
    }
}
