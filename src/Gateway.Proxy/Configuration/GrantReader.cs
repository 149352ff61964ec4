using System.Collections.Frozen;
using Gateway.Policy;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Configuration;

/// <summary>Turns a grant as written into one that can be looked up by its token.</summary>
internal sealed class GrantReader(
    string configPath,
    GatewayConfig config,
    Dictionary<string, CompiledPolicy> policies,
    Action<string, string> problem,
    Func<string, string, string?> expand)
{
    private const int TokenLengthMin = 16;
    private const int TokenLengthMax = 512;

    public GrantModel? Read(string name, GrantConfig grant)
    {
        var place = $"{configPath} at {JsonPointer.Of(["grants", name])}";
        if (!EntityName.IsValid(name))
            problem(place, $"\"{name}\" is no name for a grant; {EntityName.Rule}");
        var bindings = Bindings(place, name, grant);
        if (Token(place, grant) is not { } token)
            return null;
        return new GrantModel(name, token, grant.Expires?.ToUnixTimeMilliseconds(), bindings);
    }

    private FrozenDictionary<string, GrantBinding> Bindings(string place, string name, GrantConfig grant)
    {
        if (grant.Server is null == grant.Servers is null)
            problem(place,
                "a grant needs either \"server\" (with \"policy\") or \"servers\" (server name to policy name)");
        if (grant.Servers is not null && grant.Policy is not null)
            problem($"{place}/policy", "\"policy\" goes with \"server\"; under \"servers\" each server names its own");

        Dictionary<string, string?> written = grant.Servers
            ?? (grant.Server is null ? [] : new() { [grant.Server] = grant.Policy });
        var bindings = new Dictionary<string, GrantBinding>(StringComparer.Ordinal);
        foreach (var (server, policy) in written)
        {
            if (!config.Servers.ContainsKey(server))
                problem(place, $"there is no server \"{server}\"; add it under \"servers\" or correct the name");
            if (policy is null)
                bindings[server] = new GrantBinding(PolicyBinding.NoPolicy(name, server), null, null);
            else if (policies.TryGetValue(policy, out var compiled))
                bindings[server] = new GrantBinding(compiled.Bind(name, server), policy, compiled.Sha256);
            else if (!config.Policies.ContainsKey(policy))
                problem(place, $"there is no policy \"{policy}\"; add it under \"policies\" or correct the name");
        }

        return bindings.ToFrozenDictionary(StringComparer.Ordinal);
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
        if (token.Length is >= TokenLengthMin and <= TokenLengthMax && !token.AsSpan().ContainsAnyExceptInRange('!',
            '~'))
            return TokenHash.Of(token);
        problem($"{place}/token", $"a token has {TokenLengthMin} to {TokenLengthMax} visible ASCII characters");
        return null;
    }
}
