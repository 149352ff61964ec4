using System.Collections.Frozen;

namespace Gateway.Proxy.Snapshots;

/// <summary>Servers, policies and grants by name, from one source or merged.</summary>
internal sealed record GatewayObjects(
    FrozenDictionary<string, ServerModel> Servers,
    FrozenDictionary<string, PolicyDefinition> Policies,
    FrozenDictionary<string, GrantDefinition> Grants)
{
    public static GatewayObjects None { get; } = Of([], [], []);

    public static GatewayObjects Of(
        IEnumerable<ServerModel> servers,
        IEnumerable<PolicyDefinition> policies,
        IEnumerable<GrantDefinition> grants) => new(
            servers.ToFrozenDictionary(static server => server.Name, StringComparer.Ordinal),
            policies.ToFrozenDictionary(static policy => policy.Name, StringComparer.Ordinal),
            grants.ToFrozenDictionary(static grant => grant.Name, StringComparer.Ordinal));

    /// <summary>Both together; for a name that both have, <paramref name="first"/> wins.</summary>
    public static GatewayObjects Merge(GatewayObjects first, GatewayObjects second) => new(
        Merge(first.Servers, second.Servers),
        Merge(first.Policies, second.Policies),
        Merge(first.Grants, second.Grants));

    private static FrozenDictionary<string, T> Merge<T>(
        FrozenDictionary<string, T> first, FrozenDictionary<string, T> second) =>
        first.Concat(second.Where(pair => !first.ContainsKey(pair.Key)))
            .ToFrozenDictionary(StringComparer.Ordinal);
}
