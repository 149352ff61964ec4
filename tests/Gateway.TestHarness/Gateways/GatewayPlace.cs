namespace Gateway.TestHarness.Gateways;

/// <summary>The place where a gateway's process runs; by default, like any process of this machine.</summary>
public sealed record GatewayPlace
{
    /// <summary>The address that agents connect to.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>A command that runs the command after it, such as <c>ip netns exec NAME</c>.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Environment variables in addition to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
