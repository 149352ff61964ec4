namespace Gateway.Faults.Network;

/// <summary>A network namespace for one process.</summary>
/// <param name="Namespace">The name of the namespace.</param>
/// <param name="Address">Its address, which is reachable from everywhere.</param>
internal sealed record NetworkPlace(string Namespace, string Address)
{
    /// <summary>The place where a process starts.</summary>
    public GatewayPlace Place => new() { Host = Address, Prefix = ["ip", "netns", "exec", Namespace] };
}
