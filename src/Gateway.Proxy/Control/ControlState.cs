using System.Collections.Immutable;
using Gateway.Proxy.Configuration;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Control;

/// <summary>What the control plane knows at one instant; the snapshot in force was built from exactly this.</summary>
internal sealed record ControlState
{
    public static ControlState Empty { get; } = new();

    public ControlSnapshot Documents { get; init; } = ControlSnapshot.Empty;

    public GatewayObjects Stored { get; init; } = GatewayObjects.None;

    public ConfigObjects Config { get; init; } = ConfigObjects.None;

    /// <summary>File and store together; the file wins.</summary>
    public GatewayObjects Objects { get; init; } = GatewayObjects.None;

    /// <summary>The key that the admin API asks for; null where there is none, and the API refuses.</summary>
    public TokenHash? AdminKey { get; init; }

    /// <summary>What the operator has stopped, whatever made it.</summary>
    public Pauses Pauses { get; init; } = Pauses.None;

    /// <summary>What is stored and not in force, and why.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];
}
