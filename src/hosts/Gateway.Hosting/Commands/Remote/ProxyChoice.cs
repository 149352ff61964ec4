using System.Net;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// Whether a key or token may go through the proxy that the environment names: never to this machine, and over plain
/// HTTP, where the proxy reads it, only where that was asked for.
/// </summary>
internal static class ProxyChoice
{
    /// <summary>Set to 1 it says that the proxy may read what goes to the gateway over plain HTTP.</summary>
    public const string Variable = "GATEWAY_HTTP_PROXY";

    public const string WayOut =
        "The proxy of the environment was not asked, since it would read the key over plain HTTP. Use https://, or set "
        + Variable + "=1 if it may.";

    /// <summary>Whether a proxy would have been asked, had it not been for the key.</summary>
    public static bool IsLeftOut(Uri gateway) =>
        !IsThisMachine(gateway) && !For(gateway) && HttpClient.DefaultProxy.GetProxy(gateway) is { } proxy
        && proxy != gateway;

    public static bool For(Uri gateway) => !IsThisMachine(gateway)
        && (gateway.Scheme == Uri.UriSchemeHttps || Environment.GetEnvironmentVariable(Variable) == "1");

    // 127.1 and the like are made whole by Uri; a name under localhost never leaves the machine either (RFC 6761, 6.3).
    private static bool IsThisMachine(Uri gateway)
    {
        var host = gateway.IdnHost.TrimEnd('.');
        return gateway.IsLoopback
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
                && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any)
                    || address.Equals(IPAddress.IPv6Any)));
    }
}
