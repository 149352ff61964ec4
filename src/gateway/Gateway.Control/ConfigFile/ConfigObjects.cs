using System.Collections.Immutable;
using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;

namespace Gateway.Control.ConfigFile;

/// <summary>A configuration file that was read whole and found right.</summary>
public sealed record ConfigObjects
{
    /// <summary>What the gateway has without a file.</summary>
    public static ConfigObjects None { get; } = new();

    /// <summary>The servers, policies and grants of the file.</summary>
    public DefinitionSet Objects { get; init; } = DefinitionSet.None;

    /// <summary>Which hosts and origins pass.</summary>
    public EdgeRules Edge { get; init; } = new([], [], null);

    /// <summary>The hash of <c>admin.key</c>; null where the file names none.</summary>
    public TokenHash? AdminKey { get; init; }

    /// <summary>The proxy that may say who an operator is; null where none may.</summary>
    public ProxySettings? Proxy { get; init; }

    /// <summary>The OpenID Connect providers that operators sign in with.</summary>
    public ImmutableArray<ProviderSettings> Providers { get; init; } = [];

    /// <summary>Where browsers reach the operators' pages; null where they say so themselves.</summary>
    public Uri? AdminUrl { get; init; }

    /// <summary>The domain of passkeys at every place in it; null for each place its own host.</summary>
    public string? PasskeyDomain { get; init; }

    /// <summary>The address under which agents reach the gateway; null where the file names none.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>What the gateway is as an authorization server; null where it is none.</summary>
    public OAuthSettings? OAuth { get; init; }

    /// <summary>What the file says, in its order; of a long file the first.</summary>
    public ImmutableArray<ConfigFileMember> Members { get; init; } = [];

    /// <summary>A snapshot of this file alone.</summary>
    public GatewaySnapshot ToSnapshot()
    {
        var states = new GrantStates();
        states.Renew(Objects.Grants, Pauses.None, nowMs: 0);
        return SnapshotBuilder.Build(Objects, Edge, CounterGenerations.None, Pauses.None, states, OAuth);
    }
}
