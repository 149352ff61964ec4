using System.Collections.Immutable;
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

    /// <summary>The endpoint at which clients register (RFC 7591); null for none.</summary>
    public Uri? RegistrationEndpoint { get; private init; }

    /// <summary>The endpoint that revokes tokens (RFC 7009); null for none.</summary>
    public Uri? RevocationEndpoint { get; private init; }

    /// <summary>True if the address of a client ID metadata document is accepted as a public client's id.</summary>
    public bool AcceptsClientDocuments { get; private init; }

    /// <summary>The ways in which clients authenticate; empty for <c>client_secret_basic</c>.</summary>
    public ImmutableArray<string> AuthMethods { get; private init; } = [];

    private ImmutableArray<string> Scopes { get; init; } = [];

    private bool OffersOfflineAccess => Scopes.Contains(OfflineAccess);

    /// <summary>
    /// The scope to register; null to leave it to the authorization server, which may refuse scopes of the resource.
    /// </summary>
    public string? ScopeToRegister =>
        Scope?.Split(' ').All(one => Scopes.Contains(one)) == true ? Scope : null;

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
        var methods = ClientIdentification.MethodsOf(json);
        return new SignInService(
            issuer, Endpoint(json, place, "authorization_endpoint"), Endpoint(json, place, "token_endpoint"),
            ClientIdentification.IsBasic(json, issuer, client))
        {
            AuthMethods = methods,
            RegistrationEndpoint = OptionalEndpoint(json, "registration_endpoint"),
            RevocationEndpoint = OptionalEndpoint(json, "revocation_endpoint"),
            AcceptsClientDocuments = json.TryGetProperty("client_id_metadata_document_supported", out var documents)
                && documents.ValueKind == JsonValueKind.True && methods.Contains(ClientIdentification.None),
            NamesIssuer = json.TryGetProperty("authorization_response_iss_parameter_supported", out var names)
                && names.ValueKind == JsonValueKind.True,
            Scopes = MetadataMember.Texts(json, "scopes_supported", ValuesMax),
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
        OptionalEndpoint(json, member) ?? throw new OAuthException($"{place} has no {member}");

    private static Uri? OptionalEndpoint(JsonElement json, string member) =>
        MetadataMember.Text(json, member) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
            ? endpoint : null;
}
