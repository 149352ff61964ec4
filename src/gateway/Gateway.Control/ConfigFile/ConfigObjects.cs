using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;

namespace Gateway.Control.ConfigFile;

/// <summary>A configuration file that was read completely and is valid.</summary>
public sealed record ConfigObjects
{
    /// <summary>The configuration of a gateway without a file.</summary>
    public static ConfigObjects None { get; } = new();

    /// <summary>The servers, policies and grants of the file.</summary>
    public DefinitionSet Objects { get; init; } = DefinitionSet.None;

    /// <summary>The alert rules, by name.</summary>
    public IReadOnlyDictionary<string, AlertSpec> Alerts { get; init; } = new Dictionary<string, AlertSpec>();

    /// <summary>The rules for the hosts and origins of requests.</summary>
    public EdgeRules Edge { get; init; } = new([], [], null);

    /// <summary>The hash of <c>admin.key</c>; null if the file has none.</summary>
    public TokenHash? AdminKey { get; init; }

    /// <summary>The proxy that is trusted to name the operator; null if there is none.</summary>
    public ProxySettings? Proxy { get; init; }

    /// <summary>The OpenID Connect providers that operators sign in with.</summary>
    public ImmutableArray<ProviderSettings> Providers { get; init; } = [];

    /// <summary>
    /// The address at which browsers reach the operators' pages; null to use the address of each request.
    /// </summary>
    public Uri? AdminUrl { get; init; }

    /// <summary>The domain of passkeys for every host in it; null to use the host of each address.</summary>
    public string? PasskeyDomain { get; init; }

    /// <summary>The address at which agents reach the gateway; null if the file names none.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The gateway's settings as an authorization server; null if it is not one.</summary>
    public OAuthSettings? OAuth { get; init; }

    /// <summary>The settings for callers that issuers identify.</summary>
    public CallerSettings Callers { get; init; } = CallerSettings.None;

    /// <summary>The members of the file, in its order; of a long file only the first ones.</summary>
    public ImmutableArray<ConfigFileMember> Members { get; init; } = [];

    /// <summary>Builds a snapshot from this file alone.</summary>
    public GatewaySnapshot ToSnapshot()
    {
        var states = new GrantStates();
        states.Renew(Objects.Grants, Pauses.None, nowMs: 0);
        return SnapshotBuilder.Build(
            Objects, Edge, CounterGenerations.None, Pauses.None, states, OAuth, callers: Callers);
    }
}
