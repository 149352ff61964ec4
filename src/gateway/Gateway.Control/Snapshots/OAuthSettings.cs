using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Control.Snapshots;

/// <summary>The settings of the gateway as an authorization server.</summary>
/// <param name="Address">The origin of all its addresses.</param>
/// <param name="RedirectUris">The redirect URIs with an application's own scheme that a client may register.</param>
public sealed record OAuthSettings(Uri Address, ImmutableArray<string> RedirectUris)
{
    /// <summary>The issuer, which every client compares byte for byte: no path, no slash.</summary>
    public string Issuer { get; } = Address.GetLeftPart(UriPartial.Authority);

    /// <summary>The clients that the configuration file registers, by <c>client_id</c>.</summary>
    public FrozenDictionary<string, OAuthClientSettings> Clients { get; init; } =
        FrozenDictionary<string, OAuthClientSettings>.Empty;

    /// <summary>
    /// The gateway as the issuer of clients' own tokens. Its name is no name of an issuer in the configuration.
    /// </summary>
    public IssuerSettings AsIssuer { get; } = new(
        Address.GetLeftPart(UriPartial.Authority), Address.GetLeftPart(UriPartial.Authority));

    /// <summary>Returns the address of a server's own host name, with the issuer's scheme and port.</summary>
    public string AddressOf(string host) =>
        new UriBuilder(Address) { Host = host }.Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Reads an origin; null if it is not one, or if its tokens could be read on the way.</summary>
    public static Uri? Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0
            ? uri
            : null;

    /// <summary>Returns true for a redirect URI that has to be listed: one with an application's own scheme.</summary>
    public static bool IsOwnScheme(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0
        && uri.Scheme is not ("http" or "https" or "javascript" or "data" or "file" or "vbscript" or "about" or "blob"
            or "ws" or "wss" or "ftp" or "mailto" or "view-source")
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
