using Gateway.Control.Snapshots;
using Gateway.Proxy.Pipeline;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The stages that turn an agent's message into the message that is evaluated and sent. Both addresses run them:
/// <c>/mcp/{server}</c> runs all at once, and <c>/mcp</c> chooses the server between the two halves.
/// </summary>
internal sealed class MessageRewrites(
    IStage<AgentMessage, UnsealedMessage> approvalRetry, IStage<UnsealedMessage, DirectMessage> searchTool,
    IStage<NamedMessage, NegotiatedMessage> extension, IStage<NegotiatedMessage, RewrittenMessage> virtualTool)
{
    /// <summary>Rewrites a message at the address of its server.</summary>
    public async ValueTask<StageResult<RewrittenMessage>> RunAsync(AgentMessage message, ServerModel server) =>
        (await DirectAsync(message)).TryGetOutput(out var direct)
            ? await ForServerAsync(new NamedMessage(direct.Agent, direct.Retry, server))
            : StageEnd.Finished;

    /// <summary>Runs the stages that do not need to know the server.</summary>
    public async ValueTask<StageResult<DirectMessage>> DirectAsync(AgentMessage message) =>
        (await approvalRetry.RunAsync(message)).TryGetOutput(out var unsealed)
            ? await searchTool.RunAsync(unsealed)
            : StageEnd.Finished;

    /// <summary>Runs the stages that need to know the server.</summary>
    public ValueTask<StageResult<RewrittenMessage>> ForServerAsync(NamedMessage message)
    {
        var negotiating = extension.RunAsync(message);
        return !negotiating.IsCompletedSuccessfully ? ForServerAsync(negotiating)
            : negotiating.Result.TryGetOutput(out var negotiated) ? virtualTool.RunAsync(negotiated)
            : new(StageEnd.Finished);
    }

    private async ValueTask<StageResult<RewrittenMessage>> ForServerAsync(
        ValueTask<StageResult<NegotiatedMessage>> negotiating) =>
        (await negotiating).TryGetOutput(out var negotiated)
            ? await virtualTool.RunAsync(negotiated)
            : StageEnd.Finished;
}
