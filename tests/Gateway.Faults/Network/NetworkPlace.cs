namespace Gateway.Faults.Network;

/// <summary>A network namespace for one process.</summary>
/// <param name="Namespace">Its name.</param>
/// <param name="Address">Its address, which everybody reaches it at.</param>
internal sealed record NetworkPlace(string Namespace, string Address)
{
    /// <summary>How a process is started here.</summary>
    public GatewayPlace Place => new() { Host = Address, Prefix = ["ip", "netns", "exec", Namespace] };
}
