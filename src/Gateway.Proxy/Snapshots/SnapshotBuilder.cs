using System.Collections.Frozen;
using Gateway.Policy;

namespace Gateway.Proxy.Snapshots;

/// <summary>Binds grants to servers and policies. What is missing denies; it never widens a grant.</summary>
internal static class SnapshotBuilder
{
    public static GatewaySnapshot Build(
        GatewayObjects objects, EdgeRules edge, CounterGenerations generations, Func<string, GrantState> stateOf)
    {
        // Two grants with one token: nobody can say whose call it is, so neither is let in.
        var twins = objects.Grants.Values.CountBy(static grant => grant.Token)
            .Where(static count => count.Value > 1).Select(static count => count.Key).ToHashSet();
        var grants = objects.Grants.Values
            .Where(grant => !twins.Contains(grant.Token))
            .Select(grant => Bind(grant, objects, generations, stateOf));
        return new GatewaySnapshot(objects.Servers.Values, grants, edge);
    }

    private static GrantModel Bind(
        GrantDefinition grant,
        GatewayObjects objects,
        CounterGenerations generations,
        Func<string, GrantState> stateOf)
    {
        var bindings = new Dictionary<string, GrantBinding>(StringComparer.Ordinal);
        foreach (var (server, policyName) in grant.Servers)
        {
            if (!objects.Servers.ContainsKey(server))
                continue;
            bindings[server] = policyName is not null && objects.Policies.TryGetValue(policyName, out var policy)
                ? new(policy.Policy.Bind(grant.Name, server, generations), policyName, policy.Policy.Sha256)
                : new(PolicyBinding.NoPolicy(grant.Name, server), null, null);
        }

        return new GrantModel(
            grant.Name,
            grant.Token,
            grant.ExpiresMs,
            grant.IsPaused,
            bindings.ToFrozenDictionary(StringComparer.Ordinal),
            stateOf(grant.Name));
    }
}
