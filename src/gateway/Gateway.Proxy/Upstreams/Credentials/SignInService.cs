using System.Text.Json;
using Gateway.Control.Definitions;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>The discovered authorization server at which callers authorize the gateway for a server.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="AuthorizationEndpoint">The page to which a browser is sent.</param>
/// <param name="TokenEndpoint">The endpoint that exchanges codes and refresh tokens.</param>
/// <param name="IsBasic">True if the client's secret is sent in the header; otherwise in the form.</param>
internal sealed record SignInService(string Issuer, Uri AuthorizationEndpoint, Uri TokenEndpoint, bool IsBasic)
{
    private const string OfflineAccess = "offline_access";
    private const int ValuesMax = 256;

    /// <summary>The resource that tokens are for (RFC 8707).</summary>
    public string Resource { get; init; } = "";

    /// <summary>The requested scope; null requests none.</summary>
    public string? Scope { get; private init; }

    /// <summary>True if its responses always name it (RFC 9207).</summary>
    public bool NamesIssuer { get; private init; }

    private bool OffersOfflineAccess { get; init; }

    /// <summary>True if the request is for a refresh token by its scope, which needs consent each time.</summary>
    public bool NeedsConsent => Scope?.Split(' ').Contains(OfflineAccess, StringComparer.Ordinal) == true;

    /// <summary>Reads the metadata of an authorization server (RFC 8414).</summary>
    /// <exception cref="OAuthException">It describes another issuer, or offers no suitable method.</exception>
    public static SignInService Read(JsonElement json, Uri place, string issuer, OAuthClientOptions client)
    {
        // RFC 8414, 3.3: compared exactly as written.
        if (MetadataMember.Text(json, "issuer") is not { } named || named != issuer)
            throw new OAuthException($"{place} does not describe the issuer {Printable.Of(issuer)}");
        var responses = MetadataMember.Texts(json, "response_types_supported", ValuesMax);
        var grants = MetadataMember.Texts(json, "grant_types_supported", ValuesMax);
        if ((!responses.IsEmpty && !responses.Contains("code"))
            || (!grants.IsEmpty && !grants.Contains("authorization_code")))
            throw new OAuthException($"{Printable.Of(issuer)} does not offer the grant type authorization_code");
        // MCP, Authorization: without this member there is no PKCE, and the client must refuse to proceed.
        if (!MetadataMember.Texts(json, "code_challenge_methods_supported", ValuesMax).Contains("S256"))
            throw new OAuthException($"{Printable.Of(issuer)} does not offer PKCE with S256");
        var methods = MetadataMember.Texts(json, "token_endpoint_auth_methods_supported", ValuesMax);
        var isBasic = methods.IsEmpty || methods.Contains("client_secret_basic");
        var isPublic = client.ClientSecret.Length == 0;
        if (!methods.IsEmpty && isPublic && !methods.Contains("none"))
            throw new OAuthException($"{Printable.Of(issuer)} requires a client secret; set \"clientSecret\"");
        if (!isPublic && !isBasic && !methods.Contains("client_secret_post"))
        {
            throw new OAuthException(
                $"{Printable.Of(issuer)} accepts a client secret neither in a header nor in the form");
        }

        return new SignInService(
            issuer, Endpoint(json, place, "authorization_endpoint"), Endpoint(json, place, "token_endpoint"),
            isBasic && !isPublic)
        {
            NamesIssuer = json.TryGetProperty("authorization_response_iss_parameter_supported", out var names)
                && names.ValueKind == JsonValueKind.True,
            OffersOfflineAccess = MetadataMember.Texts(json, "scopes_supported", ValuesMax).Contains(OfflineAccess),
        };
    }

    /// <summary>Returns the service with the scope to request, and with a refresh token if it offers one.</summary>
    public SignInService Requesting(string? scope) => this with
    {
        Scope = !OffersOfflineAccess ? scope
            : scope is null ? OfflineAccess
            : scope.Split(' ').Contains(OfflineAccess, StringComparer.Ordinal) ? scope
            : $"{scope} {OfflineAccess}",
    };

    private static Uri Endpoint(JsonElement json, Uri place, string member) =>
        MetadataMember.Text(json, member) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            ? endpoint
            : throw new OAuthException($"{place} has no {member}");
}
