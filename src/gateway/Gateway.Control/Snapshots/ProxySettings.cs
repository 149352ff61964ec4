using System.Collections.Immutable;
using System.Net;

namespace Gateway.Control.Snapshots;

/// <summary>A proxy that signs operators in and names them in a header.</summary>
/// <param name="Addresses">Where it connects from; none of them is mapped to IPv6.</param>
/// <param name="Header">The header in which it names the operator.</param>
/// <param name="Secret">The hash of what it proves itself with, in <see cref="SecretHeader"/>.</param>
public sealed record ProxySettings(ImmutableArray<IPAddress> Addresses, string Header, TokenHash Secret)
{
    /// <summary>What proves that a request comes from the proxy.</summary>
    public const string SecretHeader = "X-Gateway-Proxy-Secret";

    /// <summary>The header where the file names none.</summary>
    public const string UsualHeader = "X-Forwarded-User";

    /// <summary>Addresses of one proxy.</summary>
    public const int AddressesMax = 16;
}
