namespace Gateway.Proxy.Upstreams.Relay;

/// <summary>The action for a message of a server.</summary>
public enum ResultAction
{
    /// <summary>It passes unchanged.</summary>
    Pass,

    /// <summary>The written replacement passes in its place.</summary>
    Changed,

    /// <summary>It does not pass; the written text contains the reason.</summary>
    Denied,
}
