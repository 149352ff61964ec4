using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>A request without a response so far.</summary>
internal sealed class PendingCall(
    UpstreamRequest request, McpMessage message, string key, string? tokenKey, long order, MessageQueue queue)
{
    public UpstreamRequest Request => request;

    public McpMessage Message => message;

    /// <summary>The key of its id as the server knows it.</summary>
    public string Key => key;

    /// <summary>The key of its progress token as the server knows it; null if it has none.</summary>
    public string? TokenKey => tokenKey;

    /// <summary>Later calls have higher numbers.</summary>
    public long Order => order;

    /// <summary>True if its client accepts events besides the response.</summary>
    public bool TakesEvents { get; } = AcceptsEvents(request);

    public bool IsListen => message.Method == McpMethods.SubscriptionsListen;

    public MessageQueue Queue => queue;

    private static bool AcceptsEvents(UpstreamRequest request)
    {
        foreach (var line in request.ClientHeaders.Accept)
        {
            if (line is not null && (line.Contains(MediaTypes.EventStream, StringComparison.OrdinalIgnoreCase)
                || line.Contains("*/*", StringComparison.Ordinal) || line.Contains("text/*", StringComparison.Ordinal)))
                return true;
        }

        return false;
    }
}
