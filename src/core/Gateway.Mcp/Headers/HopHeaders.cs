using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp.Headers;

/// <summary>Headers that belong to one connection (RFC 9110, 7.6.1).</summary>
public static class HopHeaders
{
    // Headers on which the gateway's decision depends. A server that received the request without them would understand
    // it differently.
    private static readonly FrozenSet<string> Inspected = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        McpHeaders.LastEventId, "Accept", "Authorization", "Content-Encoding", "Content-Length", "Content-Type", "Host",
        "Origin", "Transfer-Encoding");

    /// <summary>
    /// Returns true if the request's <c>Connection</c> names a header that the gateway evaluates: those above and all
    /// headers of the protocol.
    /// </summary>
    public static bool NamesInspectedHeader(ReadOnlySpan<char> connection)
    {
        var lookup = Inspected.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var part in connection.Split(','))
        {
            var name = connection[part].Trim();
            if (name.StartsWith("Mcp-", StringComparison.OrdinalIgnoreCase) || lookup.Contains(name))
                return true;
        }

        return false;
    }

    /// <summary>Returns true if the request's <c>Connection</c> names this header.</summary>
    public static bool IsNamedByConnection(IHeaderDictionary headers, string name)
    {
        foreach (var line in headers.Connection)
        {
            if (line is not null && Names(line, name))
                return true;
        }

        return false;
    }

    /// <summary>Returns true if a value of <c>Connection</c> names this header.</summary>
    public static bool Names(string connection, string name)
    {
        foreach (var part in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan(part).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
