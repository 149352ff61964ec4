namespace Gateway.Control.Network;

/// <summary>The addresses that a kind of outbound connection may reach.</summary>
public enum AddressRule
{
    /// <summary>
    /// For hosts that a server, a client or another party named: all addresses must be public.
    /// </summary>
    Public,

    /// <summary>
    /// For hosts that an operator registered: private addresses too, but link-local addresses and cloud metadata
    /// services only when the process was started with <c>--allow-address</c>.
    /// </summary>
    Registered,
}
