using Gateway.Control.Contracts;
using Gateway.Control.Definitions;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the gateway's account for a server.</summary>
/// <param name="problem">Receives a JSON Pointer below the server, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class OAuthReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const int Max = ServerAccountSpec.SecretLengthMax;

    public OAuthClientOptions? Read(IReadOnlyList<Uri> urls, ServerInput server)
    {
        if (server.Auth is not null)
            CheckPerCaller(urls, server);
        // Without a client id, the gateway registers itself at the authorization server of a server for callers.
        var oauth = server.OAuth ?? (server.Auth is null ? null : new ServerAccountInput());
        if (oauth is null)
            return null;
        if (urls.Any(static url => url.Scheme != "https" && !url.IsLoopback))
            problem("/oauth", "a token is sent only over https or to this machine; use an https address");
        if (server.Headers?.Keys.Contains("Authorization", StringComparer.OrdinalIgnoreCase) == true)
            problem("/oauth", "the gateway sends the token in the Authorization header; remove Authorization from "
                + "\"headers\"");
        var registersItself = server.Auth is not null && oauth.ClientId is null;
        var id = registersItself ? "" : Text("clientId", oauth.ClientId, ServerAccountSpec.IdLengthMax, '!');
        if (registersItself && (oauth.ClientSecret ?? oauth.PrivateKey) is not null)
        {
            problem(oauth.PrivateKey is null ? "/oauth/clientSecret" : "/oauth/privateKey",
                "a credential needs the \"clientId\" that it belongs to");
        }

        // A public client has no secret; PKCE protects what callers authorize.
        var secret = oauth.ClientSecret is null && (server.Auth ?? oauth.PrivateKey) is not null
            ? "" : Text("clientSecret", oauth.ClientSecret, Max, '!');
        var key = Key(oauth);
        var scope = oauth.Scope is null ? null : Text("scope", oauth.Scope, Max, ' ');
        var issuer = oauth.Issuer is null ? null : Text("issuer", oauth.Issuer, Max, '!');
        var audience = oauth.Audience is null ? null : Text("audience", oauth.Audience, Max, '!');
        if (audience is not null && oauth.Exchange != ServerAccountSpec.TokenExchange)
            problem("/oauth/audience", "\"audience\" is only for \"exchange\": \"token_exchange\"");
        // Otherwise the server could name an authorization server of its own, which would receive callers' tokens.
        if (oauth.Exchange is not null && oauth.Issuer is null)
            problem("/oauth/exchange", "\"exchange\" needs an \"issuer\", which receives the tokens of callers");
        if (issuer is not null && !IsIssuer(issuer))
        {
            problem("/oauth/issuer", $"\"{issuer}\" is not a valid issuer: an https address without a query, "
                + "or an http address of this machine");
        }

        return id is null || secret is null ? null : new OAuthClientOptions(id, secret, scope, issuer)
        {
            Exchange = oauth.Exchange,
            Audience = audience,
            Key = key,
        };
    }

    private ClientKey? Key(ServerAccountInput oauth)
    {
        const string place = "/oauth/privateKey";
        if (oauth.PrivateKey is null)
        {
            if ((oauth.KeyId ?? oauth.Algorithm ?? oauth.AssertionAudience) is not null)
                problem(place, "\"keyId\", \"algorithm\" and \"assertionAudience\" have no effect without "
                    + "\"privateKey\"; remove them");
            return null;
        }

        if (oauth.ClientSecret is not null)
            problem(place, "a client cannot have both \"clientSecret\" and \"privateKey\"; remove one");
        var isForEndpoint = oauth.AssertionAudience == ServerAccountSpec.TokenEndpoint;
        // Otherwise a server could name an authorization server of its own with the token endpoint of another, and use
        // the gateway's assertion there.
        if (isForEndpoint && oauth.Issuer is null)
            problem("/oauth/assertionAudience", $"\"{ServerAccountSpec.TokenEndpoint}\" needs an \"issuer\"");
        var id = oauth.KeyId is null ? null : Text("keyId", oauth.KeyId, ServerAccountSpec.IdLengthMax, '!');
        if (expand(place, oauth.PrivateKey) is not { } text)
            return null;
        var key = new ClientKey(text) { Id = id, Algorithm = oauth.Algorithm, IsForEndpoint = isForEndpoint };
        if (text == ClientKey.Withheld)
            return key;
        string? wrong = null;
        if (text.Length <= ServerAccountInput.KeyLengthMax)
            key.Open(out wrong)?.Dispose();
        else
            wrong = $"the key must have at most {ServerAccountInput.KeyLengthMax} characters";
        if (wrong is not null)
            problem(place, wrong);
        return key;
    }

    private void CheckPerCaller(IReadOnlyList<Uri> urls, ServerInput server)
    {
        if (urls.Count > 1)
            problem("/auth", "callers connect to one address; write \"url\" instead of \"urls\"");
        if (server.Transport == ServerSpec.Sse)
            problem("/auth", "callers connect over Streamable HTTP only; remove \"transport\"");
    }

    private static bool IsIssuer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback))
        && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;

    private string? Text(string member, string? written, int charactersMax, char first)
    {
        var pointer = $"/oauth/{member}";
        if (written is null)
            problem(pointer, $"\"{member}\" is missing");
        if (written is null || expand(pointer, written) is not { } text)
            return null;
        if (text.Length == 0 || text.Length > charactersMax || text.AsSpan().ContainsAnyExceptInRange(first, '~'))
            problem(pointer, $"\"{member}\" must have 1 to {charactersMax} visible ASCII characters");
        return text;
    }
}
