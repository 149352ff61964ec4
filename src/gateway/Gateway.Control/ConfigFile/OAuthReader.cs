using Gateway.Control.Definitions;

namespace Gateway.Control.ConfigFile;

/// <summary>Checks the gateway's account for a server.</summary>
/// <param name="problem">Takes a JSON Pointer below the server, and what is wrong there.</param>
/// <param name="expand">Replaces references at a pointer; null where that failed and was reported.</param>
internal sealed class OAuthReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const int IdCharactersMax = 1024;
    private const int SecretCharactersMax = 4096;

    public OAuthClientOptions? Read(IReadOnlyList<Uri> servers, ServerConfig config)
    {
        if (config.OAuth is not { } oauth)
            return null;
        if (servers.Any(static server => server.Scheme != "https" && !server.IsLoopback))
            problem("/oauth", "a token is sent by https, or to this machine; give the server an https address");
        if (config.Headers.Keys.Any(static name => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
            problem("/oauth", "the header Authorization carries the token; take it out of \"headers\"");
        var id = Text("clientId", oauth.ClientId, IdCharactersMax, '!');
        var secret = Text("clientSecret", oauth.ClientSecret, SecretCharactersMax, '!');
        var scope = oauth.Scope is null ? null : Text("scope", oauth.Scope, SecretCharactersMax, ' ');
        var issuer = oauth.Issuer is null ? null : Text("issuer", oauth.Issuer, SecretCharactersMax, '!');
        if (issuer is not null && !IsIssuer(issuer))
        {
            problem("/oauth/issuer", $"\"{issuer}\" is no issuer: an https address without a query, "
                + "or an http one of this machine");
        }

        return id is null || secret is null ? null : new OAuthClientOptions(id, secret, scope, issuer);
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
            problem(pointer, $"\"{member}\" has 1 to {charactersMax} visible ASCII characters");
        return text;
    }
}
