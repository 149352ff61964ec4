using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>
/// The two documents for the discovery by clients: the server as a resource (RFC 9728), and the gateway as its
/// authorization server (RFC 8414).
/// </summary>
public static class ResourceMetadata
{
    /// <summary>The scope of every token.</summary>
    public const string Scope = "mcp";

    /// <summary>
    /// The scope that requests a refresh token: one is always issued, and some clients request it only if they see the
    /// scope here.
    /// </summary>
    public const string OfflineScope = "offline_access";

    /// <summary>The path of resource metadata; the server's own path follows it.</summary>
    public const string ResourcePath = "/.well-known/oauth-protected-resource";

    /// <summary>
    /// The path of authorization server metadata; clients of 2025-03-26 put the server's path before or after it.
    /// </summary>
    public const string ServerPath = "/.well-known/oauth-authorization-server";

    /// <summary>The grant type of clients that obtain tokens for themselves (RFC 6749, 4.4).</summary>
    public const string ClientCredentials = "client_credentials";

    /// <summary>The grant type of clients that have an assertion of an issuer (RFC 7523, 2.1).</summary>
    public const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>The algorithms of proofs of possession; <c>IssuerToken</c> accepts the same.</summary>
    public static ImmutableArray<string> ProofAlgorithms { get; } =
        ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private const string IdJagProfile = "urn:ietf:params:oauth:grant-profile:id-jag";

    private static readonly string[] ClientMethods =
        ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];

    private static readonly string[] ClientAlgorithms = ["RS256", "PS256", "ES256", "ES384"];

    /// <summary>Returns the document at a path, or null if there is none.</summary>
    public static byte[]? At(GatewaySnapshot snapshot, HttpRequest request)
    {
        if (ResourceNames.OriginOf(snapshot) is not { } address || request.Path.Value is not { } path)
            return null;
        if (path.StartsWith(ResourcePath, StringComparison.Ordinal))
            return OfResource(snapshot, address, request, path[ResourcePath.Length..]);
        if (snapshot.OAuth is not { } oauth)
            return null;
        var rest = path.StartsWith(ServerPath, StringComparison.Ordinal) ? path[ServerPath.Length..]
            : path.EndsWith(ServerPath, StringComparison.Ordinal) ? path[..^ServerPath.Length]
            : null;
        return rest is "" or "/"
            || (rest is not null && ResourceNames.ServerAt(snapshot, request.Host, rest) is not null)
            ? OfServer(oauth, snapshot.Callers)
            : null;
    }

    private static byte[]? OfResource(
        GatewaySnapshot snapshot, Uri address, HttpRequest request, string resource)
    {
        if (ResourceNames.ServerAt(snapshot, request.Host, resource) is not { } server)
            return null;
        var origin = ResourceNames.IsOwnHost(snapshot, request.Host, out _)
            ? ResourceNames.AtHost(address, request.Host.Host)
            : address.GetLeftPart(UriPartial.Authority);
        string[] own = snapshot.OAuth is { } oauth ? [oauth.Issuer] : [];
        var others = snapshot.Callers.Issuers.Where(static issuer => issuer.IsAdvertised).ToList();
        string[] scopes =
        [
            .. own.Select(static _ => Scope).Concat(others.SelectMany(static issuer => issuer.Scopes))
                .Distinct(StringComparer.Ordinal),
        ];
        return Write(json =>
        {
            // Exactly the text that the client was given, because some clients compare it.
            json.WriteString("resource", origin + resource);
            WriteAll(json, "authorization_servers", own.Concat(others.Select(static issuer => issuer.Issuer)));
            if (scopes.Length > 0)
                WriteAll(json, "scopes_supported", scopes);
            WriteAll(json, "bearer_methods_supported", ["header"]);
            WriteAll(json, "dpop_signing_alg_values_supported", ProofAlgorithms);
            json.WriteString("resource_name",
                server == ResourceNames.All ? "all servers of a grant" : snapshot.Names.Shown(server));
        });
    }

    private static byte[] OfServer(OAuthSettings oauth, CallerSettings callers) => Write(json =>
    {
        json.WriteString("issuer", oauth.Issuer);
        json.WriteString("authorization_endpoint", $"{oauth.Issuer}/authorize");
        json.WriteString("token_endpoint", $"{oauth.Issuer}/token");
        json.WriteString("registration_endpoint", $"{oauth.Issuer}/register");
        json.WriteString("revocation_endpoint", $"{oauth.Issuer}/revoke");
        WriteAll(json, "response_types_supported", ["code"]);
        WriteAll(json, "response_modes_supported", ["query"]);
        List<string> grantTypes = ["authorization_code", "refresh_token"];
        if (oauth.Clients.Values.Any(static client => client.Grant is not null))
            grantTypes.Add(ClientCredentials);
        var acceptsIdJag = callers.Issuers.Any(static issuer => issuer.AcceptsIdJag);
        if (acceptsIdJag || callers.Issuers.Any(static issuer => issuer.AcceptsWorkloads))
            grantTypes.Add(JwtBearer);
        WriteAll(json, "grant_types_supported", grantTypes);
        if (acceptsIdJag)
            WriteAll(json, "authorization_grant_profiles_supported", [IdJagProfile]);
        WriteAll(json, "code_challenge_methods_supported", ["S256"]);
        WriteAll(json, "token_endpoint_auth_methods_supported", ClientMethods);
        WriteAll(json, "token_endpoint_auth_signing_alg_values_supported", ClientAlgorithms);
        WriteAll(json, "revocation_endpoint_auth_methods_supported", ClientMethods);
        WriteAll(json, "revocation_endpoint_auth_signing_alg_values_supported", ClientAlgorithms);
        WriteAll(json, "dpop_signing_alg_values_supported", ProofAlgorithms);
        WriteAll(json, "scopes_supported", [Scope, OfflineScope]);
        json.WriteBoolean("client_id_metadata_document_supported", true);
        json.WriteBoolean("authorization_response_iss_parameter_supported", true);
    });

    /// <summary>Returns the object that has these members.</summary>
    internal static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes an array of strings.</summary>
    internal static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
