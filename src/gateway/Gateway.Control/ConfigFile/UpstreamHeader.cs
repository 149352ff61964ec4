using System.Buffers;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Control.ConfigFile;

/// <summary>The rules for the headers that an operator may set on requests to a server.</summary>
internal static class UpstreamHeader
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // These headers frame the message, or the gateway sets them for each call; a fixed value would contradict them.
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Expect",
        "Content-Type", "Content-Encoding", "Accept", "Accept-Encoding", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name",
        "MCP-Protocol-Version", "Last-Event-ID", "Policy-Gateway-Call", "traceparent", "tracestate");

    public static bool IsAllowed(string name, [NotNullWhen(false)] out string? why)
    {
        why = name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenCharacters)
            ? $"\"{name}\" is not a valid HTTP header name"
            : Reserved.Contains(name) ? $"the gateway sets {name} for each call; remove it" : null;
        return why is null;
    }
}
