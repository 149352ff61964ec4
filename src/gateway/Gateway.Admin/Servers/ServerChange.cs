using Gateway.Admin.Answers;
using Gateway.Control.ConfigFile;
using Gateway.Control.Definitions;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Servers;

/// <summary>
/// Checks what an operator sets, and fills in the secrets that stay. They stay only for whom they were given: whoever
/// changes where a server is, or who gets a secret, has to know the secret.
/// </summary>
internal static class ServerChange
{
    public static AdminResponse? Check(string name, ServerInput input, ServerModel? known, out ServerModel server)
    {
        var errors = new List<ProblemPlace>();
        var config = new ServerConfig
        {
            Url = input.Url,
            Headers = input.Headers ?? [],
            OAuth = Written(input.OAuth, known?.OAuth),
            Host = Kept(input.Host, known?.Host),
            OAuthPolicy = Kept(input.OAuthPolicy, known?.OAuthPolicy),
        };
        server = new ServerReader(Problem, static (_, text) => text).Read(name, config)!;
        if (errors.Count == 0 && known?.Url is { } old && !IsSamePlace(old, server.Url!))
            CheckMove(input, known, Problem);
        if (errors.Count > 0)
            return Problems.Invalid(errors[0].Message, errors);
        server = server with { Headers = input.Headers is null ? known?.Headers ?? [] : server.Headers };
        return null;

        void Problem(string pointer, string message) => errors.Add(new ProblemPlace("error", pointer, message));
    }

    private static void CheckMove(ServerInput input, ServerModel known, Action<string, string> problem)
    {
        const string why = "the server moves to another host, so what is secret has to be given anew";
        if (input.Headers is null && !known.Headers.IsEmpty)
            problem("/headers", $"{why}; {{}} takes the headers away");
        if (known.OAuth is not null && (input.OAuth is null || IsKept(input.OAuth)))
            problem("/oauth/clientSecret", $"{why}; {{}} as \"oauth\" takes the account away");
    }

    private static string? Kept(string? input, string? known) =>
        input is null ? known : input.Length == 0 ? null : input;

    // Absent keeps, {} takes away, and a client without its secret keeps the secret of that very client.
    private static OAuthConfig? Written(OAuthConfig? input, OAuthClientOptions? known)
    {
        if (input is null)
        {
            return known is null ? null : new OAuthConfig
            {
                ClientId = known.ClientId,
                ClientSecret = known.ClientSecret,
                Scope = known.Scope,
                Issuer = known.Issuer,
            };
        }

        if (input == new OAuthConfig())
            return null;
        return IsKept(input) && known is not null && input.ClientId == known.ClientId && input.Issuer == known.Issuer
            ? input with { ClientSecret = known.ClientSecret }
            : input;
    }

    private static bool IsKept(OAuthConfig input) => input.ClientId is not null && input.ClientSecret is null;

    // A port is opened by whoever runs the host; another host, or a way without TLS, is somebody else's.
    private static bool IsSamePlace(Uri old, Uri changed) =>
        string.Equals(old.IdnHost, changed.IdnHost, StringComparison.OrdinalIgnoreCase)
        && (old.Scheme == changed.Scheme || changed.Scheme == "https");
}
