using Gateway.Control.Snapshots;
using Gateway.Policy.Decisions;

namespace Gateway.Control.ConfigFile;

/// <summary>A configuration file that was read whole and found right.</summary>
public sealed record ConfigObjects
{
    /// <summary>What the gateway has without a file.</summary>
    public static ConfigObjects None { get; } = new();

    public DefinitionSet Objects { get; init; } = DefinitionSet.None;

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
