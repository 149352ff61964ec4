using System.Security.Cryptography;
using System.Text;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Digests of everything that decides who receives a credential of a server at an address. A server has no proxy and
/// no certificate authority of its own; a program and its environment are written together, in the configuration file.
/// </summary>
public static class CredentialReceiver
{
    /// <summary>Of its headers: the URL, and which headers are sent there.</summary>
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
        var url = server.Url?.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped) ?? "";
        var names = server.HeaderNames.Select(static name => name.ToLowerInvariant()).Order(StringComparer.Ordinal);
        // None of the parts contains a line feed, and no name of a header a comma.
        var text = string.Join('\n', kind, url, string.Join(',', names), issuer);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
