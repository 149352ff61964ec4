using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Proxy.Aggregation.Raw;

/// <summary>
/// Resource URIs of several servers as their client sees them: <c>scheme://policy-gateway.invalid/SERVER/SEALED</c>.
/// The sealed part contains the grant, the server and the server's own URI, authenticated, so any frontend with the
/// same keys resolves it without a table, and no other grant can use it.
/// </summary>
internal sealed class ResourceUris(IDataProtectionProvider provider)
{
    /// <summary>The maximum length of a server's URI, in characters; a longer one stays unchanged.</summary>
    public const int UriCharsMax = 2048;

    private const int SealedCharsMax = 32 * 1024;
    private const int RememberedMax = 4096;
    private const int RememberedCharsMax = 512;

    // RFC 2606 reserves the domain, so a program that tries to open such a URI itself finds no host. The sealed part is
    // in the path because programs that normalize a URI change the case of its host.
    private const string Authority = "://policy-gateway.invalid/";

    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    private readonly IDataProtector _protector = provider.CreateProtector("Gateway.Mcp.Resource.v1");

    // One URI has one sealed form while the process lives, so that a client can compare the URIs that it receives.
    private readonly ConcurrentDictionary<(string Grant, string Server, string Uri), string> _sealed = new();

    /// <summary>Returns the maximum number of characters that sealing adds to a URI of a server.</summary>
    public static int Overhead(string grant, string server) =>
        1024 + (4 * grant.Length) + (7 * server.Length);

    /// <summary>Returns true for a URI in the gateway's own form, which must never reach a server unchanged.</summary>
    public static bool IsSealed(string uri) => SchemeOf(uri) is { } scheme
        && uri.AsSpan(scheme.Length).StartsWith(Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Returns the URI for the client. Returns null for a URI that is passed on unchanged: one that is too long or has
    /// no scheme, one that contains its data, and a web address, which clients load themselves according to the MCP
    /// specification.
    /// </summary>
    public string? Seal(string grant, string server, string uri)
    {
        if (uri.Length > UriCharsMax || SchemeOf(uri) is not { } scheme
            || scheme.ToLowerInvariant() is "http" or "https" or "data")
            return null;
        if (_sealed.TryGetValue((grant, server, uri), out var known))
            return known;
        // Neither name contains a line feed, and the URI, which may, comes last.
        var bytes = _protector.Protect(Encoding.UTF8.GetBytes($"{grant}\n{server}\n{uri}"));
        var text = PrefixOf(scheme, server) + WebEncoders.Base64UrlEncode(bytes);
        Remember(grant, server, uri, text);
        return text;
    }

    /// <summary>
    /// Returns the server and its own URI. Returns null for a URI that was not made here, was changed, or belongs to
    /// another grant.
    /// </summary>
    public (string Server, string Uri)? Open(string grant, string text)
    {
        if (text.Length > SealedCharsMax || !IsSealed(text))
            return null;
        var end = text.LastIndexOf('/') + 1;
        try
        {
            var bytes = _protector.Unprotect(WebEncoders.Base64UrlDecode(text[end..]));
            if (Encoding.UTF8.GetString(bytes).Split('\n', 3) is not [var forGrant, var server, var uri]
                || forGrant != grant || SchemeOf(uri) is not { } scheme
                || !text[..end].Equals(PrefixOf(scheme, server), StringComparison.OrdinalIgnoreCase))
                return null;
            Remember(grant, server, uri, text);
            return (server, uri);
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static string PrefixOf(string scheme, string server) =>
        $"{scheme}{Authority}{Uri.EscapeDataString(server)}/";

    /// <summary>Returns the scheme (RFC 3986, section 3.1), or null for text that is not a URI.</summary>
    private static string? SchemeOf(string uri)
    {
        var end = uri.IndexOf(':', StringComparison.Ordinal);
        return end > 0 && char.IsAsciiLetter(uri[0])
            && uri.AsSpan(0, end).IndexOfAnyExcept(SchemeCharacters) < 0 ? uri[..end] : null;
    }

    private void Remember(string grant, string server, string uri, string text)
    {
        if (uri.Length > RememberedCharsMax)
            return;
        if (_sealed.Count >= RememberedMax)
            _sealed.Clear();
        _sealed[(grant, server, uri)] = text;
    }
}
