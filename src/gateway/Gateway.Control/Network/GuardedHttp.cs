using System.Net;

namespace Gateway.Control.Network;

/// <summary>
/// HTTP clients for documents whose addresses other parties name: without redirects, cookies and the system's proxy,
/// and within bounds of time and size.
/// </summary>
public static class GuardedHttp
{
    private const int HeadersKilobytesMax = 64;

    /// <summary>Creates a client, which the caller disposes.</summary>
    /// <param name="connector">Opens connections.</param>
    /// <param name="rule">Returns the addresses that a host may have.</param>
    /// <param name="timeMax">The timeout of a request.</param>
    /// <param name="bytesMax">The maximum size of a response.</param>
    public static HttpClient NewClient(
        OutboundConnector connector, Func<DnsEndPoint, AddressRule> rule, TimeSpan timeMax, int bytesMax)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = HeadersKilobytesMax,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = async (context, cancellation) => await connector.OpenAsync(
                context.InitialRequestMessage.RequestUri!, rule(context.DnsEndPoint), null, cancellation),
        };
        return new HttpClient(handler) { Timeout = timeMax, MaxResponseContentBufferSize = bytesMax };
    }

    /// <summary>Returns the rule for a host that may be internal only if the configuration names it.</summary>
    /// <param name="configured">The addresses in the configuration.</param>
    /// <param name="target">The host to connect to.</param>
    public static AddressRule RuleFor(IEnumerable<string> configured, DnsEndPoint target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return configured.Select(static address => new Uri(address)).Any(address => address.Port == target.Port
            && string.Equals(address.IdnHost, target.Host, StringComparison.OrdinalIgnoreCase))
            ? AddressRule.Registered
            : AddressRule.Public;
    }
}
