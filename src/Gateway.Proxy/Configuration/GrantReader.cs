using System.Collections.Immutable;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Configuration;

/// <summary>Checks a grant as written and hashes its token.</summary>
internal sealed class GrantReader(
    string configPath,
    GatewayConfig config,
    Action<string, string> problem,
    Func<string, string, string?> expand)
{
    private const int TokenLengthMin = 16;
    private const int TokenLengthMax = 512;

    /// <summary>What a token, or the admin key, must be.</summary>
    public static readonly string TokenRule = $"{TokenLengthMin} to {TokenLengthMax} visible ASCII characters";

    public static bool IsToken(string token) =>
        token.Length is >= TokenLengthMin and <= TokenLengthMax && !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    public GrantDefinition? Read(string name, GrantConfig grant)
    {
        var place = $"{configPath} at {JsonPointer.Of(["grants", name])}";
        if (!EntityName.IsValid(name))
            problem(place, $"\"{name}\" is no name for a grant; {EntityName.Rule}");
        var servers = Servers(place, grant);
        if (Token(place, grant) is not { } token)
            return null;
        return new GrantDefinition(name, token, servers, grant.Expires?.ToUnixTimeMilliseconds());
    }

    private ImmutableSortedDictionary<string, string?> Servers(string place, GrantConfig grant)
    {
        if (grant.Server is null == grant.Servers is null)
            problem(place,
                "a grant needs either \"server\" (with \"policy\") or \"servers\" (server name to policy name)");
        if (grant.Servers is not null && grant.Policy is not null)
            problem($"{place}/policy", "\"policy\" goes with \"server\"; under \"servers\" each server names its own");

        Dictionary<string, string?> written = grant.Servers
            ?? (grant.Server is null ? [] : new() { [grant.Server] = grant.Policy });
        foreach (var (server, policy) in written)
        {
            if (!config.Servers.ContainsKey(server))
                problem(place, $"there is no server \"{server}\"; add it under \"servers\" or correct the name");
            if (policy is not null && !config.Policies.ContainsKey(policy))
                problem(place, $"there is no policy \"{policy}\"; add it under \"policies\" or correct the name");
        }

        return written.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private TokenHash? Token(string place, GrantConfig grant)
    {
        if (grant.Token is null == grant.TokenHash is null)
        {
            problem(place, "a grant needs either \"token\" or \"tokenHash\"");
            return null;
        }

        if (grant.TokenHash is not null)
        {
            if (expand($"{place}/tokenHash", grant.TokenHash) is not { } text)
                return null;
            if (TokenHash.TryParse(text, out var hash))
                return hash;
            problem($"{place}/tokenHash", "a token hash is \"sha256:\" and 64 hexadecimal digits");
            return null;
        }

        if (expand($"{place}/token", grant.Token!) is not { } token)
            return null;
        if (IsToken(token))
            return TokenHash.Of(token);
        problem($"{place}/token", $"a token has {TokenRule}");
        return null;
    }
}
