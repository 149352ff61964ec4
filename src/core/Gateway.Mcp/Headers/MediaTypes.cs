using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Gateway.Mcp.Headers;

/// <summary>Media types in the <c>Content-Type</c> and <c>Accept</c> of a request.</summary>
public static class MediaTypes
{
    /// <summary>The type of one JSON message.</summary>
    public const string Json = "application/json";
    /// <summary>The type of a stream of server-sent events.</summary>
    public const string EventStream = "text/event-stream";

    /// <summary>Returns true for exactly <c>application/json</c>, with no parameter but <c>charset=utf-8</c>.</summary>
    public static bool IsJson(StringValues contentType)
    {
        if (contentType.Count != 1)
            return false;
        if (string.Equals(contentType[0], Json, StringComparison.Ordinal))
            return true;
        if (!MediaTypeHeaderValue.TryParse(contentType[0], out var parsed)
            || !parsed.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase))
            return false;

        foreach (var parameter in parsed.Parameters)
        {
            var value = HeaderUtilities.RemoveQuotes(parameter.Value);
            if (!parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)
                || !value.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return parsed.Parameters.Count <= 1;
    }

    /// <summary>
    /// Returns true if the response may be JSON or an event stream. The specification requires clients to list both.
    /// Whether one of them or none suffices is left to the server, which receives the header too.
    /// </summary>
    public static bool AcceptsAnswer(StringValues accept)
    {
        if (accept.Count == 0)
            return true;

        foreach (var line in accept)
        {
            if (line is not null && AcceptsAnswer(line))
                return true;
        }

        return false;
    }

    private static bool AcceptsAnswer(string line)
    {
        foreach (var part in line.AsSpan().Split(','))
        {
            var range = line.AsSpan(part);
            var parameters = range.IndexOf(';');
            var type = (parameters < 0 ? range : range[..parameters]).Trim();
            if (Is(type, Json) || Is(type, EventStream))
                return true;
            if (type is "*/*" || Is(type, "application/*") || Is(type, "text/*"))
                return true;
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> type, string expected) =>
        type.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
