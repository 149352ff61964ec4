using System.Security.Cryptography;
using System.Text;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Digests of everything that decides who receives a credential of a server at an address: its replicas, proxy and
/// certificate files included. A program and its environment are written together, in the configuration file.
/// </summary>
public static class CredentialReceiver
{
    /// <summary>Of its headers: the URLs, the way there, and which headers are sent there.</summary>
    public static string OfHeaders(ServerModel server) => Digest("headers", server, "");

    /// <summary>Of its client secret: also the authorization server. Without one the server names it.</summary>
    public static string OfClientSecret(ServerModel server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Digest("client-secret", server, server.OAuth?.Issuer ?? "");
    }

    private static string Digest(string kind, ServerModel server, string issuer)
    {
        ArgumentNullException.ThrowIfNull(server);
        // As it is sent: without a fragment, the host in lower case, a usual port left out.
        var url = server.Url is { } only ? AsSent(only) : "";
        var names = server.HeaderNames.Select(static name => name.ToLowerInvariant()).Order(StringComparer.Ordinal);
        // None of the parts contains a line feed, and no name of a header a comma. A part that is absent adds no line:
        // the digest of a server without it is the one of earlier releases.
        IEnumerable<string> parts =
        [
            kind, url, string.Join(',', names), issuer,
            .. server.Replicas.Select(static replica => $"replica {AsSent(replica)}"),
            .. server.Proxy is { } proxy ? (string[])[$"proxy {proxy.Url} {proxy.Resolves}"] : [],
            .. server.Tls is { } tls ? (string[])[$"ca {tls.Ca}", $"cert {tls.Cert}", $"key {tls.Key}"] : [],
        ];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }

    private static string AsSent(Uri url) => url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped);
}
