using System.Net;

namespace Gateway.Control.Network;

/// <summary>A host resolved to an address that the rule for this connection does not allow. Nothing was sent.</summary>
public sealed class AddressRefusedException : IOException
{
    /// <summary>Creates an exception that states the host, the address and what to do.</summary>
    public AddressRefusedException(string host, IPAddress address, AddressRule rule)
        : base(rule == AddressRule.Public
            ? $"{host} resolves to {address}, which is not a public address"
            : $"{host} resolves to {address}, a link-local or cloud metadata address; if that is intended, start the "
                + $"gateway with --allow-address {address}") => Rule = rule;

    /// <summary>The rule that was broken.</summary>
    public AddressRule Rule { get; }
}
