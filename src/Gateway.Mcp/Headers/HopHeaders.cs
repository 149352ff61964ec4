using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp;

/// <summary>Headers that belong to one connection (RFC 9110, 7.6.1).</summary>
internal static class HopHeaders
{
    /// <summary>Whether the request's <c>Connection</c> names this header.</summary>
    public static bool IsNamedByConnection(IHeaderDictionary headers, string name)
    {
        foreach (var line in headers.Connection)
        {
            if (line is not null && Names(line, name))
                return true;
        }

        return false;
    }

    /// <summary>Whether a value of <c>Connection</c> names this header.</summary>
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
