using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp.Headers;

/// <summary>
/// The mapping of a server's response headers to the client. It omits headers of the connection, and those that apply
/// to the server's own origin (cookies, challenges, CORS, redirects, quotas), since the client talks to another one.
/// </summary>
public static class AnswerHeaderMap
{
    private static readonly FrozenSet<string> Dropped = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "Set-Cookie", "Set-Cookie2", "WWW-Authenticate", "Authentication-Info",
        "Server", "Date", "Alt-Svc", "Strict-Transport-Security", "Location", "Refresh", "Clear-Site-Data", "Link",
        "X-Accel-Buffering", "Content-Length", "Content-Encoding", McpHeaders.SessionId, McpHeaders.Call,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Copies the headers that the client receives, except length, encoding and session, which the relay decides.
    /// </summary>
    public static void Copy(HttpResponseMessage answer, IHeaderDictionary client)
    {
        var connection = answer.Headers.NonValidated.TryGetValues("Connection", out var named) ? named.ToString() : "";
        foreach (var (name, values) in answer.Headers.NonValidated)
            Copy(name, values, connection, client);
        foreach (var (name, values) in answer.Content.Headers.NonValidated)
            Copy(name, values, connection, client);
        client["X-Accel-Buffering"] = "no";
    }

    private static void Copy(
        string name, System.Net.Http.Headers.HeaderStringValues values, string connection, IHeaderDictionary client)
    {
        if (Dropped.Contains(name)
            || name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
            || IsQuota(name)
            || HopHeaders.Names(connection, name))
            return;

        foreach (var value in values)
        {
            if (IsWritable(value))
                client.Append(name, value);
        }
    }

    // The server's quota applies to the gateway. Beside the policy's own limits, an agent would take it for its own.
    private static bool IsQuota(string name) =>
        name.StartsWith("RateLimit", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Rate-Limit", StringComparison.OrdinalIgnoreCase);

    // Kestrel throws on anything else, and the response would be lost because of an unimportant header.
    private static bool IsWritable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
