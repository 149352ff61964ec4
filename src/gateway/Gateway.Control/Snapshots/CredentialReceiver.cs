using System.Security.Cryptography;
using System.Text;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Digests of everything that determines the receiver of a server's credential at an address: its replicas, proxy,
/// certificate files and, since a proxy at the server may route by them, its headers included. A program and its
/// environment are written together, in the configuration file.
/// </summary>
public static class CredentialReceiver
{
    /// <summary>
    /// Returns the digest of the receiver of its headers: the URLs, the route, and which headers are sent.
    /// </summary>
    public static string OfHeaders(ServerModel server) => Digest("headers", server, "");

    /// <summary>
    /// Returns the digest of the receiver of its client secret or assertions, which includes the authorization server.
    /// If none is configured, the server names it.
    /// </summary>
    public static string OfClientSecret(ServerModel server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Digest("client-secret", server, server.OAuth?.Issuer ?? "");
    }

    /// <summary>
    /// Returns the digest of the receiver of callers' access tokens: the server, and the client that obtained them.
    /// </summary>
    public static string OfConnection(ServerModel server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Digest("connection", server, $"{server.OAuth?.Issuer} {server.OAuth?.ClientId}");
    }

    private static string Digest(string kind, ServerModel server, string issuer)
    {
        ArgumentNullException.ThrowIfNull(server);
        // In the form that is sent: without a fragment, the host in lower case, a default port omitted.
        var url = server.Url is { } only ? AsSent(only) : "";
        var names = server.HeaderNames.Select(static name => name.ToLowerInvariant()).Order(StringComparer.Ordinal);
        // No part contains a line feed, and no header name a comma. An absent part adds no line: the digest of a server
        // without it equals the one of earlier releases.
        IEnumerable<string> parts =
        [
            kind, url, string.Join(',', names), issuer,
            .. server.Replicas.Select(static replica => $"replica {AsSent(replica)}"),
            .. server.CallerHeaders.OrderBy(static header => header.Key, StringComparer.Ordinal)
                .Select(static header => $"caller header {header.Key}: {header.Value}"),
            .. server.CallerToken is { } token ? (string[])[$"caller token {token.Header}"] : [],
            .. server.Proxy is { } proxy ? (string[])[$"proxy {proxy.Url} {proxy.Resolves}"] : [],
            .. server.Tls is { } tls ? (string[])[$"ca {tls.Ca}", $"cert {tls.Cert}", $"key {tls.Key}"] : [],
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }

    private static string AsSent(Uri url) => url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
}
