using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Mcp.Reading;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Delegation;
using Gateway.Proxy.OwnResources;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Pipeline.Stages;

/// <summary>
/// The stage that refuses an allowed call for which its caller must first connect an account at the server. It comes
/// before approvals and limits, so that nothing is used up.
/// </summary>
internal sealed class ConnectionStage(
    CallerConnections connections, ConnectionRequests requests, SnapshotHolder snapshots, LinkQuestions questions,
    ProcessClock clock) : IStage<DecidedCall, DecidedCall>
{
    private const string Purpose = "connection";
    private const string Unavailable = "(connections unavailable)";
    private const long StateMs = 10 * 60_000;

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
                return StageEnd.Refuse(await RefusalAsync(call, owner, why));
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

    private async ValueTask<Refusal> RefusalAsync(CallContext call, ConnectionOwner owner, string why)
    {
        var reason = $"calls to {call.ServerName} use your own account there, and {why}";
        if (snapshots.Current.OAuth is not { } oauth)
        {
            return new Refusal(
                RefusalCategory.Denied, Refusal.NotConnectedRule, reason,
                "Ask the gateway's operator to set \"oauth\", so that the gateway has a page to connect.");
        }

        var id = await requests.LinkAsync(call.Server.Name, owner, CancellationToken.None);
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
