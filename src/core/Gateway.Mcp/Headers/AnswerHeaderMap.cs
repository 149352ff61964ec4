using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Gateway.Mcp.Headers;

/// <summary>
/// Which headers of a server's answer reach the client: all but those of the connection, and those that speak for
/// the server's own origin (cookies, challenges, CORS, redirects, quotas), which is not the one that the client
/// talks to.
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
    /// Copies what reaches the client, but for length, encoding and session, which the relay decides on.
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

    // The server's quota for the gateway; beside the policy's own limits it would be read as the agent's.
    private static bool IsQuota(string name) =>
        name.StartsWith("RateLimit", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("X-Rate-Limit", StringComparison.OrdinalIgnoreCase);

    // Kestrel throws on anything else, and the answer would be lost for a header that nobody needs.
    private static bool IsWritable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
