using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;

namespace Gateway.Mcp.Tests.Headers;

/// <summary>The two checks of a request's headers, in the order in which the gateway makes them.</summary>
internal static class WholeCheck
{
    public static McpFault? Of(IHeaderDictionary headers, McpMessage message, out McpRevision revision)
    {
        var unread = HeaderRules.CheckHead(headers);
        var fault = HeaderRules.CheckMessage(headers, message, out revision);
        return unread is null ? fault : unread with { Id = message.Id };
    }
}
