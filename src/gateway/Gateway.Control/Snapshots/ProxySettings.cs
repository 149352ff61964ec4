using System.Collections.Immutable;
using System.Net;

namespace Gateway.Control.Snapshots;

/// <summary>A proxy that signs operators in and names them in a header.</summary>
/// <param name="Addresses">The addresses from which it connects; none of them is mapped to IPv6.</param>
/// <param name="Header">The header in which it names the operator.</param>
/// <param name="Secret">
/// The hash of the secret that authenticates the proxy, sent in <see cref="SecretHeader"/>.
/// </param>
public sealed record ProxySettings(ImmutableArray<IPAddress> Addresses, string Header, TokenHash Secret)
{
    /// <summary>The header whose value proves that a request comes from the proxy.</summary>
    public const string SecretHeader = "X-Gateway-Proxy-Secret";

    /// <summary>The header if the file names none.</summary>
    public const string UsualHeader = "X-Forwarded-User";

    /// <summary>The maximum number of addresses of one proxy.</summary>
    public const int AddressesMax = 16;
}
