using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp.Headers;

/// <summary>The mapping of a client's headers to a server: those of the protocol, and nothing else.</summary>
public static class RequestHeaderMap
{
    private static readonly FrozenSet<string> Forwarded = new[]
    {
        "Accept", "tracestate", "baggage", McpHeaders.ProtocolVersion, McpHeaders.Method, McpHeaders.Name,
        McpHeaders.LastEventId,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Copies the forwarded headers, except those that <c>Connection</c> names, which belong to this hop.
    /// </summary>
    public static void Copy(IHeaderDictionary client, HttpRequestMessage request)
    {
        foreach (var (name, values) in client)
        {
            if (!IsForwarded(name) || HopHeaders.IsNamedByConnection(client, name))
                continue;
            // It resumes a stream, which only GET does; it is not validated for other requests.
            if (request.Method != HttpMethod.Get
                && name.Equals(McpHeaders.LastEventId, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (value is not null && IsWritable(value))
                    request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    // A line break would end the header and let the client inject another.
    private static bool IsWritable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>Returns true if a header of this name is ever forwarded.</summary>
    public static bool IsForwarded(string name) =>
        Forwarded.Contains(name) || name.StartsWith(McpHeaders.ParamPrefix, StringComparison.OrdinalIgnoreCase);
}
