using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using Gateway.Control.Tables;
using Microsoft.AspNetCore.Http;

namespace Gateway.Control.Snapshots;

/// <summary>
/// Everything that one decision may read: servers, grants with their policies, and the edge rules. Immutable.
/// </summary>
public sealed class GatewaySnapshot
{
    /// <summary>A gateway without grants: every request gets a 401 response.</summary>
    public static GatewaySnapshot Empty { get; } = new([], [], new EdgeRules([], [], null), Pauses.None);

    internal GatewaySnapshot(
        IEnumerable<ServerModel> servers, IEnumerable<GrantModel> grants, EdgeRules edge, Pauses pauses)
    {
        Servers = servers.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);
        Grants = new(grants.Select(static g => KeyValuePair.Create(g.Token, g)));
        Edge = edge;
        Pauses = pauses;
        // Two servers at one host: it is ambiguous which is meant, so neither is served there.
        Hosts = Servers.Values.Where(static server => server.Host is not null)
            .GroupBy(static server => server.Host!, StringComparer.OrdinalIgnoreCase)
            .Where(static same => same.Count() == 1)
            .ToFrozenDictionary(
                static same => same.Key, static same => same.Single(), StringComparer.OrdinalIgnoreCase);
        ExchangesTokens = Servers.Values.Any(static server => server.OAuth?.Exchange is not null);
    }

    /// <summary>Creates the snapshot before with other grants.</summary>
    internal GatewaySnapshot(GatewaySnapshot before, ShardedDictionary<TokenHash, GrantModel> grants)
    {
        (Servers, Hosts, Edge, Pauses) = (before.Servers, before.Hosts, before.Edge, before.Pauses);
        (OAuth, Twins, Names) = (before.OAuth, before.Twins, before.Names);
        ExchangesTokens = before.ExchangesTokens;
        (Callers, Matches) = (before.Callers, before.Matches);
        Grants = grants;
    }

    /// <summary>Servers with a host name of their own, by that name.</summary>
    public FrozenDictionary<string, ServerModel> Hosts { get; }

    /// <summary>The settings of the gateway as an authorization server; null if it is not one.</summary>
    public OAuthSettings? OAuth { get; init; }

    /// <summary>The settings for callers that issuers identify.</summary>
    public CallerSettings Callers { get; init; } = CallerSettings.None;

    /// <summary>The grants that tokens of issuers select, each by its hash, in the order of selection.</summary>
    public ImmutableArray<(GrantMatch Match, TokenHash Token)> Matches { get; init; } = [];

    /// <summary>Returns true if a request with that <c>Host</c> is accepted.</summary>
    public bool AllowsHost(HostString host, IPAddress? localAddress) =>
        Edge.AllowsHost(host, localAddress) || (host.HasValue && Hosts.ContainsKey(host.Host));

    /// <summary>Servers by name.</summary>
    public FrozenDictionary<string, ServerModel> Servers { get; }

    /// <summary>True if the tokens of callers are exchanged for those of a server.</summary>
    public bool ExchangesTokens { get; }

    /// <summary>The names of renamed servers; <see cref="Servers"/> and grants have their first names.</summary>
    public ServerNames Names { get; init; } = ServerNames.None;

    /// <summary>Grants by the hash of a token; after a rotation a grant has two for a while.</summary>
    public ShardedDictionary<TokenHash, GrantModel> Grants { get; }

    /// <summary>Tokens of two grants: it is ambiguous whose call it is, so they admit no one.</summary>
    internal FrozenSet<TokenHash> Twins { get; init; } = FrozenSet<TokenHash>.Empty;

    /// <summary>The rules by which hosts and origins are accepted.</summary>
    public EdgeRules Edge { get; }

    /// <summary>The operators' pauses.</summary>
    public Pauses Pauses { get; }
}
