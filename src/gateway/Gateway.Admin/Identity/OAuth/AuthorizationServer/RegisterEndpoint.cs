using System.Text.Json;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The <c>/register</c> endpoint (RFC 7591). Anybody may register; registration alone gives no access.
/// </summary>
internal sealed class RegisterEndpoint(
    ClientStore clients, OAuthStore store, OAuthRates rates, OAuthServerOptions options)
{
    private static readonly string[] SecretMethods = ["client_secret_basic", "client_secret_post"];

    public async Task RegisterAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        var body = await BodyReader.ReadAsync(http.Request, OAuthParameters.BodyBytesMax, http.RequestAborted);
        var (client, secret, problem) = body is null
            ? (null, null, Invalid($"The body exceeds {OAuthParameters.BodyBytesMax} bytes."))
            : Read(body, snapshot.OAuth!);
        // A rejected registration is counted separately, so that it does not consume the share of valid ones.
        var rate = client is null ? OAuthRate.RejectedRegister : OAuthRate.Register;
        if (await rates.TryAsync(http, rate) is { } limited)
            problem = limited;
        if (client is null || problem is not null)
        {
            await OAuthAnswer.ErrorAsync(http, problem!.Status, problem.Code, problem.Text);
            return;
        }

        if (!await clients.AddAsync(client, http.RequestAborted))
        {
            http.Response.Headers.RetryAfter = "3600";
            await OAuthAnswer.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable",
                $"{options.ClientsMax} clients are registered and in use. Ask the gateway's operator to delete "
                + "grants of clients that are no longer needed.");
            return;
        }

        await OAuthAnswer.JsonAsync(http, StatusCodes.Status201Created, json => Write(json, client, secret));
    }

    private (ClientDocument? Client, string? Secret, OAuthError? Problem) Read(byte[] body, OAuthSettings settings)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Read(json.RootElement, settings)
                : (null, null, Invalid("Send a JSON object."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Invalid Unicode in a string is only detected when the string is read.
            return (null, null, Invalid("The body is not valid JSON."));
        }
    }

    private (ClientDocument?, string?, OAuthError?) Read(JsonElement json, OAuthSettings settings)
    {
        if (Texts(json, "redirect_uris") is not { Count: > 0 } redirects
            || redirects.Count > ClientMetadata.RedirectUrisMax)
        {
            return (null, null, new(400, "invalid_redirect_uri",
                $"redirect_uris must be an array of 1 to {ClientMetadata.RedirectUrisMax} strings."));
        }

        for (var i = 0; i < redirects.Count; i++)
        {
            if (RedirectUris.Problem(redirects[i], settings) is { } problem)
                return (null, null, new(400, "invalid_redirect_uri", $"Redirect URI {i + 1} {problem}."));
        }

        var method = Text(json, "token_endpoint_auth_method") ?? SecretMethods[0];
        var hasSecret = SecretMethods.Contains(method);
        JsonElement? keys = json.TryGetProperty("jwks", out var jwks) && jwks.ValueKind == JsonValueKind.Object
            ? jwks.Clone()
            : null;
        if (!hasSecret && method != "none" && (method != "private_key_jwt" || keys is null))
            return (null, null, Invalid("token_endpoint_auth_method must be none, client_secret_basic, "
                + "client_secret_post, or private_key_jwt with jwks."));
        if (Texts(json, "grant_types") is { } grants && !grants.Contains("authorization_code"))
            return (null, null, Invalid("grant_types must contain authorization_code."));
        if (Texts(json, "response_types") is { } responses && !responses.Contains("code"))
            return (null, null, Invalid("response_types must contain code."));
        var secret = hasSecret ? OAuthSecrets.ClientSecret() : null;
        return (new ClientDocument
        {
            ClientId = OAuthSecrets.ClientId(),
            Name = ClientNames.Clean(Text(json, "client_name")),
            RedirectUris = redirects,
            Methods = [method],
            SecretHash = secret is null ? null : TokenHash.Of(secret).ToString(),
            Keys = method == "private_key_jwt" ? keys : null,
            BoundTokens = ClientMetadata.IsBound(json),
            Created = store.Now,
        }, secret, null);
    }

    private static void Write(Utf8JsonWriter json, ClientDocument client, string? secret)
    {
        json.WriteString("client_id", client.ClientId);
        json.WriteNumber("client_id_issued_at", client.Created.ToUnixTimeSeconds());
        if (secret is not null)
        {
            json.WriteString("client_secret", secret);
            json.WriteNumber("client_secret_expires_at", 0);
        }

        json.WriteString("client_name", client.Name);
        WriteAll(json, "redirect_uris", client.RedirectUris);
        WriteAll(json, "grant_types", ["authorization_code", "refresh_token"]);
        WriteAll(json, "response_types", ["code"]);
        json.WriteString("token_endpoint_auth_method", client.Methods[0]);
        if (client.BoundTokens)
            json.WriteBoolean("dpop_bound_access_tokens", true);
        json.WriteString("scope", $"{ResourceMetadata.Scope} {ResourceMetadata.OfflineScope}");
    }

    private static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static OAuthError Invalid(string text) => new(400, "invalid_client_metadata", text);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Returns null if the member is not an array of strings.</summary>
    private static List<string>? Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
        && value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)]
            : null;
}
