using System.Diagnostics;
using Gateway.Control.Telemetry;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Telemetry;

/// <summary>
/// The tracing of calls: one span per call, with the client's <c>traceparent</c> as its parent (W3C Trace Context);
/// none without a listener.
/// </summary>
internal static class GatewayTracing
{
    private static readonly ActivitySource Source = new(MeterNames.Gateway);

    public static Activity? Start(IHeaderDictionary headers, string server, McpMessage message)
    {
        if (!Source.HasListeners())
            return null;
        ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);
        var method = Cut(message.Method);
        var name = message.Name is { } subject && message.Method == McpMethods.ToolsCall
            ? $"{method} {Cut(subject)}"
            : method;
        var span = Source.StartActivity(name, ActivityKind.Server, parent);
        span?.SetTag("mcp.method.name", method);
        span?.SetTag("gateway.server", server);
        return span;
    }

    // The agent chooses both, and each may be as long as the body.
    private static string Cut(string text) =>
        text.Length <= ToolLabels.LabelCharsMax ? text : text[..ToolLabels.LabelCharsMax] + "…";
}
