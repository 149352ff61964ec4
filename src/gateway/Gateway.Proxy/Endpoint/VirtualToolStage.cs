using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Control.Virtual;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Deadlines;
using Gateway.Proxy.Pipeline;
using Gateway.Proxy.Searching;
using Gateway.Proxy.Tools;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// The stage that rebuilds a call of a virtual tool as a call of its server's tool. The rebuilt message is parsed as
/// strictly as the agent's message, and only that is evaluated and sent.
/// </summary>
internal sealed class VirtualToolStage(
    MessageReading reading, IToolLibrary library, AggregationOptions options, TimeProvider time)
    : IStage<NegotiatedMessage, RewrittenMessage>
{
    public ValueTask<StageResult<RewrittenMessage>> RunAsync(NegotiatedMessage input) =>
        input.Agent is { Grant.VirtualTools: { } tools, Message: { Method: McpMethods.ToolsCall, Name: { } name } }
            ? RunAsync(input, tools, name)
            : new(new RewrittenMessage(input.Agent.Message, input.Retry, null, input.Tasks));

    private async ValueTask<StageResult<RewrittenMessage>> RunAsync(
        NegotiatedMessage input, VirtualTools tools, string name)
    {
        var (http, message, revision) = (input.Agent.Http, input.Agent.Message, input.Agent.Revision);
        if (tools.Find(input.Server.Name, name) is not { } tool)
        {
            var covered = tools.MayCover(input.Server.Name, name) ? new VirtualCall(name, default, null) : null;
            return new RewrittenMessage(message, input.Retry, covered);
        }

        if (await reading.ReadOrRefuseAsync(http, input.Agent.Grant, RebuiltCall.Of(message, tool), message.Id)
            is not { } rebuilt)
            return StageEnd.Finished;
        MirroredHeaders.Set(http.Request.Headers, rebuilt, revision, null);
        if (revision == McpRevision.Stateless
            && await DefinitionAsync(input.Server, tool, http.RequestAborted) is { } definition)
            ParameterHeaders.Set(http.Request.Headers, revision, definition, rebuilt.Arguments);
        return new RewrittenMessage(rebuilt, input.Retry, new VirtualCall(name, message.Arguments, tool));
    }

    /// <summary>Returns the tool as its server lists it, or null if the server does not list it in time.</summary>
    private async Task<string?> DefinitionAsync(
        ServerModel server, VirtualTool tool, CancellationToken cancellationToken)
    {
        using var end = new LinkedTimeout(options.ServerWait, time, cancellationToken);
        try
        {
            var known = await library.OfAsync(server, end.Token);
            return known.Tools.FirstOrDefault(one => one.Name == tool.Tool)?.Definition;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
