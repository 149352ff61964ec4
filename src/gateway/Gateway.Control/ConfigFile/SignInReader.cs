using Gateway.Control.Snapshots;
using Gateway.Policy.Problems;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks the gateway's settings as an authorization server.</summary>
/// <param name="problem">Receives a JSON Pointer, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class SignInReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const int RedirectUrisMax = 100;
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
        };
        members.RefuseOthers();
        return oauth;
    }

    /// <summary>Returns the settings; null if they are absent or invalid.</summary>
    public OAuthSettings? Read(SignInConfig? config)
    {
        if (config is null)
            return null;
        if (config.RedirectUris.Count > RedirectUrisMax)
            problem($"{Place}/redirectUris", $"at most {RedirectUrisMax} redirect URIs are allowed");
        for (var i = 0; i < config.RedirectUris.Count; i++)
        {
            if (!OAuthSettings.IsOwnScheme(config.RedirectUris[i]))
                problem($"{Place}/redirectUris/{i}",
                    "this must be a URI of a scheme of its own, such as myapp://callback, without a fragment; https "
                    + "and loopback need not be listed");
        }

        if (config.Issuer is null)
        {
            problem(Place, "\"oauth\" needs \"issuer\", the origin at which browsers reach the gateway");
            return null;
        }

        if (expand($"{Place}/issuer", config.Issuer) is not { } text)
            return null;
        if (OAuthSettings.Origin(text) is { } issuer)
            return new OAuthSettings(issuer, [.. config.RedirectUris]);
        problem($"{Place}/issuer",
            $"\"{text}\" is not a valid issuer: write an origin without a path or slash, https://gateway.example.com, "
            + "or http:// on loopback");
        return null;
    }
}
