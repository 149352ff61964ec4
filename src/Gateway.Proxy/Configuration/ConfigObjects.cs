using Gateway.Policy;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Configuration;

/// <summary>A configuration file that was read whole and found right.</summary>
internal sealed record ConfigObjects
{
    /// <summary>What the gateway has without a file.</summary>
    public static ConfigObjects None { get; } = new();

    public GatewayObjects Objects { get; init; } = GatewayObjects.None;

    public EdgeRules Edge { get; init; } = new([], [], null);

    /// <summary>The hash of <c>admin.key</c>; null where the file names none.</summary>
    public TokenHash? AdminKey { get; init; }

    public Uri? PublicUrl { get; init; }

    /// <summary>A snapshot of this file alone.</summary>
    public GatewaySnapshot ToSnapshot()
    {
        var states = new GrantStates();
        states.Renew(Objects.Grants.Values, Pauses.None, nowMs: 0);
        return SnapshotBuilder.Build(Objects, Edge, CounterGenerations.None, Pauses.None, states);
    }
}
