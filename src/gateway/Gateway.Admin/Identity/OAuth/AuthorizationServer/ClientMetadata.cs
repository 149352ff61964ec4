using System.Text.Json;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The content of a client ID metadata document; members that this gateway does not use are omitted.</summary>
internal static class ClientMetadata
{
    public const int RedirectUrisMax = 10;

    /// <summary>The documents, as of September 2026, of widely used clients whose hosts block some networks.</summary>
    private static readonly (string Id, string Name, string[] Redirects)[] Pinned =
    [
        ("https://claude.ai/oauth/mcp-oauth-client-metadata", "Claude", ["https://claude.ai/api/mcp/auth_callback"]),
        ("https://claude.ai/oauth/claude-code-client-metadata", "Claude Code",
            ["http://localhost/callback", "http://127.0.0.1/callback"]),
        ("https://vscode.dev/oauth/client-metadata.json", "Visual Studio Code",
            ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"]),
    ];

    /// <summary>Returns the built-in copy of a client's document; null if there is none.</summary>
    public static ClientDocument? Copy(string id) =>
        Pinned.FirstOrDefault(one => one.Id == id) is { Id: not null } known
            ? new ClientDocument { ClientId = id, Name = known.Name, RedirectUris = known.Redirects }
            : null;

    /// <summary>Returns null if the document is not that client's, or if no client could sign in with it.</summary>
    public static ClientDocument? Read(
        string id, JsonElement json, OAuthSettings settings, DateTimeOffset now)
    {
        var methods = Texts(json, "token_endpoint_auth_method") ?? ["none"];
        var redirects = Texts(json, "redirect_uris")?
            .Where(uri => RedirectUris.Problem(uri, settings) is null).Take(RedirectUrisMax).ToList();
        var keysUri = Text(json, "jwks_uri");
        if (Text(json, "client_id") != id || json.TryGetProperty("client_secret", out _)
            || redirects is not { Count: > 0 } || (keysUri is not null && !DocumentFetcher.IsAddress(keysUri)))
        {
            return null;
        }

        var known = methods.Where(static method => method is "none" or "private_key_jwt").Distinct().ToList();
        return known.Count == 0 ? null : new ClientDocument
        {
            ClientId = id,
            Name = ClientNames.Clean(Text(json, "client_name")),
            RedirectUris = redirects,
            Methods = known,
            Keys = json.TryGetProperty("jwks", out var keys) && keys.ValueKind == JsonValueKind.Object ? keys : null,
            KeysUri = keysUri,
            BoundTokens = IsBound(json),
            Created = now,
        };
    }

    /// <summary>Returns true if the client's tokens must be bound to a key (RFC 9449, 5.2).</summary>
    public static bool IsBound(JsonElement json) =>
        json.TryGetProperty("dpop_bound_access_tokens", out var bound) && bound.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Returns one string or several; null if there are none.</summary>
    private static List<string>? Texts(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String)
                .Select(static one => one.GetString()!)]
            : null;
}
