using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp;

/// <summary>What the headers of a request must say, alone and against its body.</summary>
public static class HeaderRules
{
    /// <summary>Checks what can be checked before the body is read: content type, encoding, accept, no header twice.</summary>
    public static McpFault? CheckHead(IHeaderDictionary headers) =>
        throw new NotSupportedException("Arrives with the next delivery.");

    /// <summary>Checks the head, then protocol version, <c>Mcp-Method</c> and <c>Mcp-Name</c> against the message.</summary>
    public static McpFault? Check(IHeaderDictionary headers, McpMessage message, out McpEra era) =>
        throw new NotSupportedException("Arrives with the next delivery.");

    /// <summary>Checks a GET or DELETE, which have no body.</summary>
    public static McpFault? CheckBodiless(IHeaderDictionary headers, out McpEra era) =>
        throw new NotSupportedException("Arrives with the next delivery.");
}
