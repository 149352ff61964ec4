using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Limits.Model;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Delegation;

/// <summary>The gateway's own client at an authorization server.</summary>
/// <param name="Id">The client's id.</param>
/// <param name="Secret">The client's secret; null for a public client.</param>
public sealed record ConnectionClient(string Id, string? Secret)
{
    // The generated method would print the secret.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Id = ").Append(Id);
        return true;
    }
}

/// <summary>A client that was registered, as it is sealed.</summary>
/// <param name="Name">The name of the document, so that a seal is not valid in another one.</param>
/// <param name="Client">The client.</param>
/// <param name="IsBasic">True if the secret is sent in the header.</param>
/// <param name="ExpiresMs">The time at which the secret expires, in Unix milliseconds; null if it does not.</param>
internal sealed record RegisteredClient(string Name, ConnectionClient Client, bool IsBasic, long? ExpiresMs);

/// <summary>A stored client.</summary>
/// <param name="Issuer">The authorization server.</param>
/// <param name="ClientId">The client's id there.</param>
/// <param name="Sealed">The sealed <see cref="RegisteredClient"/>.</param>
internal sealed record ConnectionClientDocument(string Issuer, string ClientId, string Sealed);

/// <summary>
/// The gateway's own clients at authorization servers where the operator registered none. A server that accepts client
/// ID metadata documents gets the address of the gateway's; at any other the gateway registers once for all of its
/// frontends (RFC 7591). A client is bound to its authorization server, registration endpoint and redirect URI.
/// </summary>
public sealed class ConnectionClients(
    IControlStore store, DocumentCache documents, SecretProtector secrets, ProcessClock clock)
{
    private const string Kind = ControlKinds.ConnectionClients;
    private const string ClientName = "Policy Gateway";
    private const int IdCharactersMax = 1024;
    private const int SecretCharactersMax = 4096;

    // A secret that is about to expire could not renew what it obtained.
    private const long RegisterBeforeMs = 24L * 3600 * 1000;

    /// <summary>Returns the client ID metadata document (draft-ietf-oauth-client-id-metadata-document).</summary>
    /// <param name="origin">The gateway's origin.</param>
    public static byte[] Document(string origin) => Metadata(
        origin + ConnectionPaths.Callback, ClientIdentification.None, null,
        ("client_id", origin + ConnectionPaths.Client), ("client_uri", origin));

    /// <summary>Returns the client for an authorization server, and if its secret is sent in the header.</summary>
    /// <exception cref="OAuthException">The server registers no client.</exception>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    internal async ValueTask<(ConnectionClient Client, bool IsBasic)> OfAsync(
        OAuthHttp http, SignInService service, string redirectUri, CancellationToken cancellationToken)
    {
        // An authorization server fetches the document, so only an https origin can have one.
        var origin = redirectUri[..^ConnectionPaths.Callback.Length];
        if (service.AcceptsClientDocuments && origin.StartsWith("https:", StringComparison.Ordinal))
            return (new ConnectionClient(origin + ConnectionPaths.Client, null), false);
        var endpoint = service.RegistrationEndpoint ?? throw new OAuthException(
            $"{Printable.Of(service.Issuer)} does not register a gateway without an https origin; register a client "
            + "there, and set \"clientId\" of the server");
        var key = new ControlKey(Kind, Convert.ToHexStringLower(SHA256.HashData(
            Encoding.UTF8.GetBytes($"{service.Issuer}\n{endpoint}\n{redirectUri}"))));
        for (var attempt = 0; attempt < WriteAttempts.Max; attempt++)
        {
            var snapshot = await documents.ReadAsync(cancellationToken);
            if (Open(snapshot, key) is { } known)
                return (known.Client, known.IsBasic);
            var made = await RegisterAsync(http, service, endpoint, redirectUri, cancellationToken);
            var text = JsonSerializer.Serialize(
                made with { Name = key.Name }, ConnectionJson.Default.RegisteredClient);
            var content = JsonSerializer.SerializeToUtf8Bytes(
                new ConnectionClientDocument(
                    service.Issuer, made.Client.Id, await secrets.SealAsync(text, CancellationToken.None)),
                ConnectionJson.Default.ConnectionClientDocument);
            // Another frontend's client, registered in the meantime, is as good; this one stays unused.
            var version = snapshot.Find(key)?.Version ?? 0;
            if ((await store.WriteAsync(key, version, content, CancellationToken.None)).IsWritten)
                return (made.Client, made.IsBasic);
        }

        throw WriteAttempts.Exceeded("The gateway's client");
    }

    /// <summary>Forgets a client that its authorization server no longer knows; the next sign-in registers another.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    internal async ValueTask ForgetAsync(ConnectionClient client)
    {
        foreach (var document in (await documents.ReadAsync(CancellationToken.None)).OfKind(Kind))
        {
            if (Read(document)?.ClientId == client.Id)
                await store.DeleteAsync(document.Key, document.Version, CancellationToken.None);
        }
    }

    private RegisteredClient? Open(ControlSnapshot snapshot, ControlKey key)
    {
        if (snapshot.Find(key) is not { } document || Read(document) is not { } stored
            || !secrets.TryOpen(stored.Sealed, snapshot, out var text))
            return null;

        try
        {
            return JsonSerializer.Deserialize(text, ConnectionJson.Default.RegisteredClient) is { } client
                && client.Name == key.Name
                && (client.ExpiresMs is not { } expires || clock.NowMs() < expires - RegisterBeforeMs) ? client : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ConnectionClientDocument? Read(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(
                document.Content.Span, ConnectionJson.Default.ConnectionClientDocument);
        }
        catch (JsonException)
        {
            // A client that cannot be read is replaced by another.
            return null;
        }
    }

    private static async Task<RegisteredClient> RegisterAsync(
        OAuthHttp http, SignInService service, Uri endpoint, string redirectUri, CancellationToken cancellationToken)
    {
        string[] preferred = [ClientIdentification.Basic, ClientIdentification.Post, ClientIdentification.None];
        // RFC 8414, 2: absent means client_secret_basic.
        var method = service.AuthMethods.IsEmpty ? ClientIdentification.Basic
            : preferred.FirstOrDefault(service.AuthMethods.Contains) ?? throw new OAuthException(
                $"{Printable.Of(service.Issuer)} accepts a client secret neither in a header nor in the form");
        using var body = new ByteArrayContent(Metadata(redirectUri, method, service.ScopeToRegister));
        body.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.Json);
        var (status, json) = await http.PostAsync(endpoint, body, null, cancellationToken);
        if (status is not (HttpStatusCode.Created or HttpStatusCode.OK) || json is not { } answer)
        {
            // The request contains no secret, so its description may be shown.
            var why = json is { } refused ? MetadataMember.Text(refused, "error_description") : null;
            throw new OAuthException(TokenRequest.Refused(endpoint, "to register the gateway", status, json).Message
                + (why is null ? "" : $": {Printable.Of(why)}"));
        }

        if (MetadataMember.Text(answer, "client_id") is not { Length: > 0 and <= IdCharactersMax } id
            || id.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new OAuthException($"{endpoint} responded without a usable client_id");
        var secret = MetadataMember.Text(answer, "client_secret") is { Length: > 0 } text ? text : null;
        if (secret?.Length > SecretCharactersMax || secret.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new OAuthException($"{endpoint} responded without a usable client_secret");
        // The authorization server may change what was requested (RFC 7591, 3.2.1).
        var given = MetadataMember.Text(answer, "token_endpoint_auth_method") ?? method;
        if (!preferred.Contains(given) || (secret is null && given != ClientIdentification.None))
            throw new OAuthException($"{endpoint} registered a client that authenticates by {Printable.Of(given)}, "
                + "which the gateway did not request");
        long? expires = secret is not null && answer.TryGetProperty("client_secret_expires_at", out var at)
            && at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var seconds)
            && seconds is > 0 and < long.MaxValue / 1000 ? seconds * 1000 : null;
        return new RegisteredClient(
            "", new ConnectionClient(id, given == ClientIdentification.None ? null : secret),
            given == ClientIdentification.Basic, expires);
    }

    private static byte[] Metadata(
        string redirectUri, string method, string? scope, params (string Name, string Value)[] more) =>
        ResourceMetadata.Write(json =>
        {
            foreach (var (name, value) in more)
                json.WriteString(name, value);
            json.WriteString("client_name", ClientName);
            ResourceMetadata.WriteAll(json, "redirect_uris", [redirectUri]);
            ResourceMetadata.WriteAll(json, "grant_types", ["authorization_code", "refresh_token"]);
            ResourceMetadata.WriteAll(json, "response_types", ["code"]);
            json.WriteString("token_endpoint_auth_method", method);
            // OpenID Connect Registration: redirect URIs of web clients use https and not localhost.
            json.WriteString("application_type", redirectUri.StartsWith("https:", StringComparison.Ordinal)
                && !new Uri(redirectUri).IsLoopback ? "web" : "native");
            if (scope is not null)
                json.WriteString("scope", scope);
        });
}
