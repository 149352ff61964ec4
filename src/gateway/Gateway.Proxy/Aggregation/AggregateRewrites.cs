using Gateway.Control.Snapshots;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Pipeline;

namespace Gateway.Proxy.Aggregation;

/// <summary>The rewrites of a message at <c>/mcp</c>, whose server is determined between the two halves.</summary>
internal sealed class AggregateRewrites(MessageRewrites rewrites, IStage<RoutedMessage, NamedMessage> aggregateName)
{
    /// <summary>Runs the stages that do not need to know the server.</summary>
    public ValueTask<StageResult<DirectMessage>> DirectAsync(AgentMessage message) => rewrites.DirectAsync(message);

    /// <summary>Runs the stages that need to know the server.</summary>
    public async ValueTask<StageResult<RewrittenMessage>> ForServerAsync(RoutedMessage message) =>
        (await aggregateName.RunAsync(message)).TryGetOutput(out var named)
            ? await rewrites.ForServerAsync(named)
            : StageEnd.Finished;
}

/// <summary>A message for one of several servers, still with its name at <c>/mcp</c>.</summary>
/// <param name="Direct">The message.</param>
/// <param name="Server">Its server.</param>
/// <param name="Path">The path of members to the name or URI.</param>
/// <param name="OwnName">The server's own name or URI.</param>
internal readonly record struct RoutedMessage(DirectMessage Direct, ServerModel Server, string[] Path, string OwnName);
