using System.Diagnostics;
using Gateway.Control.Telemetry;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// One span a call, parented on the client's <c>traceparent</c> (W3C Trace Context); none where nobody listens.
/// </summary>
internal static class GatewayTracing
{
    private static readonly ActivitySource Source = new(MeterNames.Gateway);

    public static Activity? Start(IHeaderDictionary headers, string server, McpMessage message)
    {
        if (!Source.HasListeners())
            return null;
        ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);
        var name = message.Name is { } subject && message.Method == McpMethods.ToolsCall
            ? $"{message.Method} {subject}"
            : message.Method;
        var span = Source.StartActivity(name, ActivityKind.Server, parent);
        span?.SetTag("mcp.method.name", message.Method);
        span?.SetTag("gateway.server", server);
        return span;
    }
}
