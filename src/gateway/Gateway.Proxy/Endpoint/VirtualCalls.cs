using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Control.Virtual;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Searching;
using Gateway.Proxy.Tools;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>
/// Rebuilds a call of a virtual tool as the call of the tool that it stands for. What comes of it is read as strictly
/// as what the agent sent, and only that is judged and sent.
/// </summary>
internal sealed class VirtualCalls(MessageReading reading, IToolLibrary library, GatewayOptions options)
{
    /// <summary>
    /// The message to go on with, and what the agent asked for where it was rebuilt; no message where it was answered.
    /// </summary>
    /// <param name="http">Where the client is answered.</param>
    /// <param name="grant">The grant, which has virtual tools.</param>
    /// <param name="server">The server.</param>
    /// <param name="message">The message.</param>
    /// <param name="name">The tool that is called, as it is at the server's own address.</param>
    /// <param name="era">Its revision.</param>
    public async ValueTask<(McpMessage? Message, VirtualCall? Call)> TakeAsync(
        HttpContext http, GrantModel grant, ServerModel server, McpMessage message, string name, McpRevision era)
    {
        var tools = grant.VirtualTools!;
        if (tools.Find(server.Name, name) is not { } tool)
            return (message, tools.MayCover(server.Name, name) ? new VirtualCall(name, default, null) : null);
        if (await reading.ReadOrRefuseAsync(http, grant, RebuiltCall.Of(message, tool), message.Id) is not { } rebuilt)
            return default;
        MirroredHeaders.Set(http.Request.Headers, rebuilt, era, null);
        if (era == McpRevision.Stateless && await DefinitionAsync(server, tool, http.RequestAborted) is { } definition)
            ParameterHeaders.Set(http.Request.Headers, era, definition, rebuilt.Arguments);
        return (rebuilt, new VirtualCall(name, message.Arguments, tool));
    }

    /// <summary>What the server says of its tool; null where that is not known in time.</summary>
    private async Task<string?> DefinitionAsync(
        ServerModel server, VirtualTool tool, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(options.AggregateWait);
        try
        {
            var shelf = await library.OfAsync(server, end.Token);
            return shelf.Tools.FirstOrDefault(one => one.Name == tool.Tool)?.Definition;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
