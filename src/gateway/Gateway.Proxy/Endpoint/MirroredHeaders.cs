using Gateway.Mcp;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Endpoint;

/// <summary>The headers that mirror the message, for a message that was rebuilt.</summary>
internal static class MirroredHeaders
{
    /// <summary>Sets the headers to match the message and the revision of its server.</summary>
    public static void Set(IHeaderDictionary headers, McpMessage message, McpRevision revision, string? version)
    {
        if (revision == McpRevision.Legacy)
        {
            headers.Remove(McpHeaders.Method);
            headers.Remove(McpHeaders.Name);
            if (message.Method == McpMethods.Initialize)
                headers.Remove(McpHeaders.ProtocolVersion);
            else if (version is not null)
                headers[McpHeaders.ProtocolVersion] = version;
            return;
        }

        headers[McpHeaders.Method] = message.Method;
        if (message.Name is { } name && message.PolicedBy != McpPolicing.Completion)
            headers[McpHeaders.Name] = HeaderValueCodec.Encode(name);
        else
            headers.Remove(McpHeaders.Name);
    }
}
