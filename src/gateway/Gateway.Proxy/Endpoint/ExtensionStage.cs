using Gateway.Proxy.Extensions;
using Gateway.Proxy.Pipeline;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The stage that removes the extensions that the policy does not pass from the capabilities of the client. The rebuilt
/// message is parsed as strictly as the client's, and only that is evaluated and sent.
/// </summary>
internal sealed class ExtensionStage(MessageReading reading) : IStage<NamedMessage, NegotiatedMessage>
{
    public ValueTask<StageResult<NegotiatedMessage>> RunAsync(NamedMessage input)
    {
        var (agent, policy) = (input.Agent, input.Agent.Grant.Bindings[input.Server.Name].Policy);
        return ClientCapabilities.Filtered(agent.Message, agent.Revision, policy) is { } body
            ? RunAsync(input, body)
            : new(new NegotiatedMessage(agent, input.Retry, input.Server));
    }

    private async ValueTask<StageResult<NegotiatedMessage>> RunAsync(NamedMessage input, byte[] body)
    {
        var agent = input.Agent;
        return await reading.ReadOrRefuseAsync(agent.Http, agent.Grant, body, agent.Message.Id) is { } message
            ? new NegotiatedMessage(agent with { Message = message }, input.Retry, input.Server)
            : StageEnd.Finished;
    }
}
