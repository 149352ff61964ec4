using Gateway.Mcp.Writing;
using Gateway.Proxy.Endpoint;
using Gateway.Proxy.Pipeline;

namespace Gateway.Proxy.Aggregation;

/// <summary>
/// The stage that replaces the name or URI of a tool, prompt or resource at <c>/mcp</c> with its server's own. The
/// policy, the record and the server see only the server's own.
/// </summary>
internal sealed class AggregateNameStage(MessageReading reading) : IStage<RoutedMessage, NamedMessage>
{
    public async ValueTask<StageResult<NamedMessage>> RunAsync(RoutedMessage input)
    {
        var (agent, body) = (input.Direct.Agent, input.Direct.Agent.Message.Body);
        if (input.OwnName == agent.Message.Name)
            return new NamedMessage(agent, input.Direct.Retry, input.Server);
        var named = RawJson.Replace(
            body.Span, RawJson.Find(body.Span, input.Path)!.Value, RawJson.Text(input.OwnName));
        return await reading.ReadOrRefuseAsync(agent.Http, agent.Grant, named, agent.Message.Id) is { } message
            ? new NamedMessage(agent with { Message = message }, input.Direct.Retry, input.Server)
            : StageEnd.Finished;
    }
}
