using System.Collections.Frozen;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the gateway's settings as an authorization server.</summary>
/// <param name="problem">Receives a JSON Pointer, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class SignInReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const int RedirectUrisMax = 100;
    private const int KeysMax = 16;
    private const string Place = "/oauth";

    /// <summary>Reads the <c>oauth</c> member.</summary>
    public static SignInConfig? Members(MemberReader config)
    {
        if (config.Given("oauth") is not { } node
            || MemberReader.Open(node, Place, "\"oauth\"", config.Context) is not { } members)
        {
            return null;
        }

        var oauth = new SignInConfig
        {
            Issuer = members.GivenText("issuer"),
            RedirectUris = members.Texts(members.Optional("redirectUris"), "redirectUris"),
            Clients = members.Named(
                members.Given("clients"), "clients", (node, pointer) => Client(node, pointer, members)),
        };
        members.RefuseOthers();
        return oauth;
    }

    private static ClientConfig? Client(JsonNode node, string pointer, MemberReader oauth)
    {
        if (MemberReader.Open(node, pointer, "a client", oauth.Context) is not { } members)
            return null;
        var client = new ClientConfig
        {
            Secret = members.GivenText("secret"),
            Jwks = members.Given("jwks") is { } keys ? JsonElement.Parse(JsonTreeWriter.Write(keys)) : null,
            Grant = members.GivenText("grant"),
        };
        members.RefuseOthers();
        return client;
    }

    /// <summary>Returns the settings; null if they are absent or invalid.</summary>
    /// <param name="config">The member as written; null if it is absent.</param>
    /// <param name="grants">The names of the grants in the file.</param>
    public OAuthSettings? Read(SignInConfig? config, ICollection<string> grants)
    {
        if (config is null)
            return null;
        if (config.RedirectUris.Count > RedirectUrisMax)
            problem($"{Place}/redirectUris", $"at most {RedirectUrisMax} redirect URIs are allowed");
        for (var i = 0; i < config.RedirectUris.Count; i++)
        {
            if (!OAuthSettings.IsOwnScheme(config.RedirectUris[i]))
                problem($"{Place}/redirectUris/{i}",
                    "this must be a URI with a private scheme, such as myapp://callback, without a fragment; https "
                    + "and loopback need not be listed");
        }

        if (config.Clients.Count > OAuthClientSettings.Max)
            problem($"{Place}/clients", $"at most {OAuthClientSettings.Max} clients are allowed");
        var clients = config.Clients.Select(one => Read(one.Key, one.Value, grants)).OfType<OAuthClientSettings>()
            .ToFrozenDictionary(static one => one.Id, StringComparer.Ordinal);
        if (config.Issuer is null)
        {
            problem(Place, "\"oauth\" needs \"issuer\", the origin at which browsers reach the gateway");
            return null;
        }

        if (expand($"{Place}/issuer", config.Issuer) is not { } text)
            return null;
        if (OAuthSettings.Origin(text) is { } issuer)
            return new OAuthSettings(issuer, [.. config.RedirectUris]) { Clients = clients };
        problem($"{Place}/issuer",
            $"\"{text}\" is not a valid issuer: write an origin without a path or slash, such as "
            + "https://gateway.example.com; http:// is allowed only on loopback");
        return null;
    }

    private OAuthClientSettings? Read(string id, ClientConfig client, ICollection<string> grants)
    {
        var place = $"{Place}/clients/{JsonPointer.Escape(id)}";
        if (!EntityName.IsValid(id))
            problem(place, $"\"{id}\" is not a valid name of a client; {EntityName.Rule}");
        if (client.Grant is { } grant && !grants.Contains(grant))
        {
            problem($"{place}/grant", $"there is no grant \"{Spelling.Shorten(grant)}\"; correct the name, or add it "
                + $"under \"grants\"{Spelling.Suggest(grant, grants)}");
        }

        if (client.Secret is null == client.Jwks is null)
        {
            problem(place, "a client needs either \"secret\" or \"jwks\", the public keys with which it signs");
            return null;
        }

        if (client.Jwks is { } keys)
        {
            if (IsPublic(keys))
                return new OAuthClientSettings(id, null, keys, client.Grant);
            problem($"{place}/jwks", $"\"jwks\" must be an object with \"keys\": 1 to {KeysMax} public RSA or EC "
                + "keys, without their private parts");
            return null;
        }

        if (expand($"{place}/secret", client.Secret!) is not { } secret)
            return null;
        if (TokenHash.IsToken(secret))
            return new OAuthClientSettings(id, TokenHash.Of(secret), null, client.Grant);
        problem($"{place}/secret", $"a secret must have {TokenHash.TokenRule}");
        return null;
    }

    private static bool IsPublic(JsonElement set) =>
        set.ValueKind == JsonValueKind.Object && set.TryGetProperty("keys", out var keys)
        && keys.ValueKind == JsonValueKind.Array && keys.GetArrayLength() is >= 1 and <= KeysMax
        && keys.EnumerateArray().All(static key => key.ValueKind == JsonValueKind.Object
            && key.TryGetProperty("kty", out var type) && (type.ValueEquals("RSA") || type.ValueEquals("EC"))
            && !key.TryGetProperty("d", out _));
}
