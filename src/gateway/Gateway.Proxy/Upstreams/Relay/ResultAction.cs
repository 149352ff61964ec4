namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>What became of a message of a server.</summary>
public enum ResultAction
{
    /// <summary>It passes as it came.</summary>
    Pass,

    /// <summary>What was written passes in its place.</summary>
    Changed,

    /// <summary>It does not pass; what was written tells why.</summary>
    Denied,
}
