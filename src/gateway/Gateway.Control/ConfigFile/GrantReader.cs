using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Control.ConfigFile;

/// <summary>A reader that checks a grant as written, and hashes its token.</summary>
internal sealed class GrantReader(
    GatewayConfig config,
    Action<string, string> problem,
    Func<string, string, string?> expand)
{
    public GrantDefinition? Read(string name, GrantFile grant)
    {
        var place = JsonPointer.Of(["grants", name]);
        if (!EntityName.IsValid(name))
            problem(place, $"\"{name}\" is not a valid name for a grant; {EntityName.Rule}");
        grant.TakeFormerNames((pointer, message) => problem(place + pointer, message));
        var definition = GrantDefinition.Of(
            name, default, grant with { Servers = Servers(place, grant) },
            (pointer, message) => problem(place + grant.PointerAsWritten(pointer), message));
        var issuers = (config.Identity?.Issuers ?? []).ToDictionary(
            static one => one.Key, static one => (IReadOnlyList<string>)one.Value.FreeText, StringComparer.Ordinal);
        var match = new MatchReader(issuers, (pointer, message) => problem(place + pointer, message)).Read(grant);
        var isSelected = grant.Match is not null
            || config.OAuth?.Clients.Values.Any(client => client.Grant == name) == true;
        var token = isSelected && grant is { Token: null, TokenHash: null }
            ? TokenHash.OfNone(name) : Token(place, grant);
        return token is { } hash
            ? definition with { Token = hash, Match = match, Proofs = Proofs(place, grant) } : null;
    }

    private ProofRules Proofs(string place, GrantFile grant)
    {
        var rules = ProofRules.None;
        foreach (var (index, name) in (grant.Proofs ?? []).Index())
        {
            if (ProofRuleNames.Parse(name) is { } rule)
                rules |= rule;
            else
                problem($"{place}/proofs/{index}", $"this must be one of {string.Join(", ", ProofRuleNames.All)}"
                    + Spelling.Suggest(name, ProofRuleNames.All));
        }

        return rules;
    }

    private Dictionary<string, GrantedPolicy> Servers(string place, GrantFile grant)
    {
        if (grant.Server is null == grant.Servers is null)
            problem(place,
                "a grant needs either \"server\" (with \"policy\") or \"servers\" (server name to policy name)");
        if (grant.Servers is not null && grant.Policy is not null)
            problem($"{place}/policy", "\"policy\" applies only to \"server\"; under \"servers\", each server names "
                + "its own policy");

        var written = grant.Servers ?? (grant.Server is null ? [] : new() { [grant.Server] = grant.Policy });
        foreach (var (server, policy) in written)
        {
            var (atServer, atPolicy) = grant.Servers is null
                ? ($"{place}/server", $"{place}/policy")
                : ($"{place}/servers/{JsonPointer.Escape(server)}", $"{place}/servers/{JsonPointer.Escape(server)}");
            if (!config.Servers.ContainsKey(server))
                Missing(atServer, "server", server, config.Servers.Keys);
            if (policy.Name is not null && !config.Policies.ContainsKey(policy.Name))
                Missing(atPolicy, "policy", policy.Name, config.Policies.Keys);
        }

        return written;
    }

    private void Missing(string place, string kind, string name, IEnumerable<string> known) => problem(
        place,
        $"there is no {kind} \"{Spelling.Shorten(name)}\"; correct the name, or add it under "
            + $"\"{(kind == "policy" ? "policies" : "servers")}\"{Spelling.Suggest(name, known)}");

    private TokenHash? Token(string place, GrantFile grant)
    {
        if (grant.Token is null == grant.TokenHash is null)
        {
            problem(place, "a grant needs \"token\" or \"tokenHash\" (one of them), unless it has \"match\" or is the "
                + "grant of a client in \"oauth\"");
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
        if (TokenHash.IsToken(token))
            return TokenHash.Of(token);
        problem($"{place}/token", $"a token must have {TokenHash.TokenRule}");
        return null;
    }
}
