using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Policy;
using Gateway.Policy.Decisions;
using Gateway.Policy.Rules;

namespace Gateway.Control.Snapshots;

/// <summary>Binds grants to servers and policies. A missing part denies; it never widens a grant.</summary>
internal static class SnapshotBuilder
{
    public static GatewaySnapshot Build(
        DefinitionSet objects, EdgeRules edge, CounterGenerations generations, Pauses pauses, GrantStates states,
        OAuthSettings? oauth = null, ServerNames? names = null, CallerSettings? callers = null)
    {
        // Two grants with one token: it is ambiguous whose call it is, so neither is admitted.
        var twins = objects.Grants.Values.SelectMany(static grant => grant.Tokens).CountBy(static token => token.Token)
            .Where(static count => count.Value > 1).Select(static count => count.Key).ToFrozenSet();
        var grants =
            from grant in objects.Grants.Values
            from token in grant.Tokens
            where !twins.Contains(token.Token)
            select Bind(grant, token, objects, generations, pauses, states);
        return new GatewaySnapshot(objects.Servers.Values, grants, edge, pauses)
        {
            OAuth = oauth,
            Twins = twins,
            Names = names ?? ServerNames.None,
            Callers = callers ?? CallerSettings.None,
            Matches =
            [
                .. objects.Grants.Values.Where(static grant => grant.Match is not null)
                    .OrderBy(static grant => grant.Match!.Order)
                    .ThenBy(static grant => grant.Name, StringComparer.Ordinal)
                    .Select(static grant => (grant.Match!, grant.Token)),
                .. from client in oauth?.Clients.Values ?? []
                   let grant = client.Grant is { } name ? objects.Grants.GetValueOrDefault(name) : null
                   where grant is not null
                   select (client.MatchAt(oauth!.Issuer), grant.Token),
            ],
        };
    }

    /// <summary>
    /// Returns what <see cref="Build"/> returns if only these grants differ from the snapshot before, without reading
    /// the others. Null if two grants have, or had, the same token: then all grants must be read.
    /// </summary>
    public static GatewaySnapshot? Change(
        GatewaySnapshot before, IReadOnlyList<(GrantDefinition? Before, GrantDefinition? Now)> changes,
        DefinitionSet objects, CounterGenerations generations, GrantStates states)
    {
        var changed = new Dictionary<TokenHash, GrantModel?>();
        foreach (var (token, _) in changes.SelectMany(static one => one.Before?.Tokens ?? []))
            changed[token] = null;
        foreach (var grant in changes.Select(static one => one.Now).OfType<GrantDefinition>())
        {
            foreach (var token in grant.Tokens)
            {
                if (changed.TryGetValue(token.Token, out var other) ? other is not null
                    : before.Grants.ContainsKey(token.Token))
                {
                    return null;
                }

                changed[token.Token] = Bind(grant, token, objects, generations, before.Pauses, states);
            }
        }

        return changed.Keys.Any(before.Twins.Contains) ? null
            : new GatewaySnapshot(before, before.Grants.With(changed));
    }

    private static GrantModel Bind(
        GrantDefinition grant,
        (TokenHash Token, long? UntilMs) token,
        DefinitionSet objects,
        CounterGenerations generations,
        Pauses pauses,
        GrantStates states)
    {
        int[] shares =
        [
            .. grant.Servers.Values.OfType<string>()
                .Select(policy => objects.Candidates.GetValueOrDefault(policy)?.Percent ?? 0)
                .Where(static percent => percent is > 0 and < GrantSide.All).Distinct().Order(),
        ];
        ImmutableArray<GrantSide> sides = shares.Length == 0 ? []
            : [.. shares.Select(share => new GrantSide(share, BindingsOf(share - 1))),
                new GrantSide(GrantSide.All, BindingsOf(GrantSide.All - 1))];
        return new GrantModel(
            grant.Name,
            token.Token,
            token.UntilMs,
            grant.IsPaused || pauses.OfGrant(grant.Name) is not null,
            GrantSide.Of(sides, grant.Name) ?? BindingsOf(GrantSide.All - 1),
            states.Of(grant.Name))
        {
            Sides = sides,
            ToolsAs = grant.ToolsAs,
            VirtualTools = grant.VirtualTools,
            Proofs = grant.Proofs,
            IsOAuth = grant.OAuth is not null,
            IsOfAll = grant.OAuth is { IsOfAll: true },
            IsPrevious = token.Token != grant.Token,
        };

        FrozenDictionary<string, GrantBinding> BindingsOf(int bucket) =>
            BindingsIn(grant, token.Token, bucket, objects, generations, states);
    }

    /// <summary>Returns the bindings of the sessions in a bucket.</summary>
    private static FrozenDictionary<string, GrantBinding> BindingsIn(
        GrantDefinition grant, TokenHash token, int bucket, DefinitionSet objects, CounterGenerations generations,
        GrantStates states)
    {
        var bindings = new Dictionary<string, GrantBinding>(StringComparer.Ordinal);
        var lists = objects.Named;
        foreach (var (server, policyName) in grant.Servers)
        {
            if (!objects.Servers.ContainsKey(server))
                continue;
            var access = states.Access(grant.Name, token, server);
            bindings[server] = policyName is not null
                && objects.PolicyOf(grant.Name, policyName, bucket) is { } policy
                ? new(policy.Bind(grant.Name, server, generations, lists), policyName, policy.Sha256, access)
                {
                    Candidate = Beside(policy, policyName),
                }
                : new(PolicyBinding.NoPolicy(grant.Name, server), null, null, access);

            CandidateBinding? Beside(CompiledPolicy decides, string name) =>
                objects.Candidates.GetValueOrDefault(name)?.Policy is { } candidate && candidate != decides
                    ? new(candidate.Bind(grant.Name, server, generations, lists, isCandidate: true), candidate.Sha256)
                    : null;
        }

        return bindings.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
