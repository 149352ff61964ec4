namespace Gateway.TestHarness.Gateways;

/// <summary>Where a gateway's process runs: as any process of this machine unless told otherwise.</summary>
public sealed record GatewayPlace
{
    /// <summary>The address that agents are served on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>A command that becomes the command behind it, such as <c>ip netns exec NAME</c>.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>What its environment has besides this process's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
