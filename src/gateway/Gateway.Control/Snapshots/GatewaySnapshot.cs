using System.Collections.Frozen;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Everything that one decision may read: servers, grants with their policies, and the edge's rules. Immutable.
/// </summary>
public sealed class GatewaySnapshot
{
    /// <summary>A gateway that knows nobody: every request is answered 401.</summary>
    public static GatewaySnapshot Empty { get; } = new([], [], new EdgeRules([], [], null), Pauses.None);

    internal GatewaySnapshot(
        IEnumerable<ServerModel> servers, IEnumerable<GrantModel> grants, EdgeRules edge, Pauses pauses)
    {
        Servers = servers.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);
        Grants = grants.ToFrozenDictionary(g => g.Token);
        Edge = edge;
        Pauses = pauses;
    }

    /// <summary>Servers by name.</summary>
    public FrozenDictionary<string, ServerModel> Servers { get; }

    /// <summary>Grants by the hash of a token; after a rotation a grant has two for a while.</summary>
    public FrozenDictionary<TokenHash, GrantModel> Grants { get; }

    /// <summary>Which hosts and origins pass.</summary>
    public EdgeRules Edge { get; }

    /// <summary>What the operator has stopped.</summary>
    public Pauses Pauses { get; }
}
