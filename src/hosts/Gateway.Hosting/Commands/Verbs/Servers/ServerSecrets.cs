using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Control.Contracts;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>The options for a server's headers and account, and the members that they set.</summary>
internal static class ServerSecrets
{
    public static readonly Option<string[]> Header = new("--header")
    {
        Description = "A header sent with every request, as \"Name: value\"; encrypted at rest, never shown again.",
        HelpName = "HEADER",
    };

    private static readonly Option<string[]> CallerHeader = new("--caller-header")
    {
        Description =
            "A header whose value depends on each call's caller, as \"X-User: {caller.subject}\"; \"X-User:\" removes "
                + "it.",
        HelpName = "HEADER",
    };

    /// <summary>Not a secret, but like these an option of each verb that sets a server.</summary>
    public static readonly Option<string> Transport = OneOf(
        "--transport", "The transport: http (Streamable HTTP), sse (the older HTTP+SSE), or auto (detected).",
        "TRANSPORT", "http", "sse", "auto");

    public static readonly Option<string> ClientId = new("--oauth-client-id")
    {
        Description = "The id of the client with which the gateway gets access tokens at the server's authorization "
            + "server.",
        HelpName = "ID",
    };

    private static readonly Option<string> ClientSecret = new("--oauth-client-secret")
    {
        Description = "The client's secret; encrypted at rest, never shown again.",
        HelpName = "SECRET",
    };

    private static readonly Option<FileInfo> PrivateKey = new("--oauth-private-key")
    {
        Description = "Instead of a secret: a file with the key that signs the client's assertions, as PEM or JWK; "
            + "encrypted at rest, never shown again.",
        HelpName = "FILE",
    };

    private static readonly Option<string> KeyId = new("--oauth-key-id")
    {
        Description = "The key's kid at the authorization server. Default: the kid in the file, if the key is a JWK.",
        HelpName = "KID",
    };

    private static readonly Option<string> Algorithm = OneOf(
        "--oauth-algorithm", "The algorithm of that key. Default: the \"alg\" of a JWK, else RS256 or the algorithm "
            + "of the curve.",
        "ALGORITHM", "RS256", "PS256", "ES256", "ES384");

    private static readonly Option<string> AssertionAudience = OneOf(
        "--oauth-assertion-audience",
        "The audience of assertions: issuer, or token_endpoint (Microsoft Entra, Okta); by default issuer.", "AUDIENCE",
        "issuer", ServerAccountSpec.TokenEndpoint);

    private static readonly Option<string> Scope = new("--oauth-scope")
    {
        Description = "The scopes to request. Default: those that the server names.",
        HelpName = "SCOPE",
    };

    private static readonly Option<string> Issuer = new("--oauth-issuer")
    {
        Description = "The only authorization server that may receive the secret. Default: the one that the server "
            + "names.",
        HelpName = "URL",
    };

    private static readonly Option<string> Exchange = OneOf(
        "--oauth-exchange",
        "Exchange the token of each call's caller for one that the server accepts: token_exchange (RFC 8693) or "
            + "on_behalf_of (Microsoft Entra).",
        "KIND", ServerAccountSpec.TokenExchange, ServerAccountSpec.OnBehalfOf);

    private static readonly Option<string> Audience = new("--oauth-audience")
    {
        Description = "With token_exchange: the server's name at the authorization server.",
        HelpName = "NAME",
    };

    private static readonly Option<string> Auth = OneOf(
        "--auth",
        "oauth: each caller connects an account of its own, with the client of --oauth-client-id if given; none: calls "
            + "carry the gateway's credential.",
        "AUTH", "oauth", "none");

    public static IReadOnlyList<Option> Options { get; } =
    [
        Header, CallerHeader, Transport, Auth, ClientId, ClientSecret, PrivateKey, KeyId, Algorithm, AssertionAudience,
        Scope, Issuer, Exchange, Audience,
    ];

    /// <summary>
    /// Adds the given options; what is not given stays unchanged. Returns false after an error message.
    /// </summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="body">The body.</param>
    /// <param name="present">The present headers, which given ones replace in a patch.</param>
    public static bool TryAdd(ParseResult parsed, JsonObject body, IReadOnlyList<string> present)
    {
        var removed = present.Select(static name => KeyValuePair.Create(name, (JsonNode?)null));
        if (!TryAddHeaders(parsed, Header, new JsonObject(removed), body, "headers")
            || !TryAddHeaders(parsed, CallerHeader, [], body, "callerHeaders"))
            return false;
        if (parsed.GetValue(Transport) is { } transport)
            body["transport"] = transport == "auto" ? "" : transport;
        if (parsed.GetValue(Auth) is { } auth)
            body["auth"] = auth == "none" ? "" : auth;
        var account = OAuth(parsed);
        if (parsed.GetValue(PrivateKey) is { } file)
        {
            if (InputFile.Read(file) is not { } key)
                return false;
            account["privateKey"] = Encoding.UTF8.GetString(key).TrimStart('\uFEFF');
        }

        if (account.Count == 0)
            return true;
        if (parsed.GetValue(ClientId) is null && parsed.GetValue(Auth) != ServerSpec.CallersOAuth)
        {
            Console.Error.WriteLine("The other --oauth options need --oauth-client-id or --auth oauth; give one of "
                + "them too.");
            return false;
        }

        body["oauth"] = account;
        return true;
    }

    private static bool TryAddHeaders(
        ParseResult parsed, Option<string[]> option, JsonObject values, JsonObject body, string member)
    {
        if (parsed.GetValue(option) is not { Length: > 0 } headers)
            return true;
        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                Console.Error.WriteLine($"Write {option.Name} as \"Name: value\".");
                return false;
            }

            var value = header[(colon + 1)..].Trim();
            values[header[..colon].Trim()] = value.Length == 0 && option == CallerHeader ? null : value;
        }

        body[member] = values;
        return true;
    }

    private static Option<string> OneOf(string name, string description, string placeholder, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, HelpName = placeholder };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static JsonObject OAuth(ParseResult parsed)
    {
        var account = new JsonObject();
        Add("clientId", ClientId);
        Add("clientSecret", ClientSecret);
        Add("keyId", KeyId);
        Add("algorithm", Algorithm);
        Add("assertionAudience", AssertionAudience);
        Add("scope", Scope);
        Add("issuer", Issuer);
        Add("exchange", Exchange);
        Add("audience", Audience);
        return account;

        void Add(string member, Option<string> option)
        {
            if (parsed.GetValue(option) is { } value)
                account[member] = value;
        }
    }
}
