using System.Net;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>
/// The decision if a key or token may pass through the proxy from the environment: never for this machine; over plain
/// HTTP, where the proxy can read it, only if the operator allows it.
/// </summary>
internal static class ProxyChoice
{
    /// <summary>
    /// The environment variable that, set to 1, lets the proxy read requests to the gateway over plain HTTP.
    /// </summary>
    public const string Variable = "GATEWAY_HTTP_PROXY";

    public const string WayOut =
        "The environment's proxy was not used, because it could read the key over plain HTTP. Use https://, or set "
        + Variable + "=1 to use the proxy nevertheless.";

    /// <summary>Returns true if a proxy is configured for the address but not used, to protect the key.</summary>
    public static bool IsLeftOut(Uri gateway) =>
        !IsThisMachine(gateway) && !For(gateway) && HttpClient.DefaultProxy.GetProxy(gateway) is { } proxy
        && proxy != gateway;

    public static bool For(Uri gateway) => !IsThisMachine(gateway)
        && (gateway.Scheme == Uri.UriSchemeHttps || Environment.GetEnvironmentVariable(Variable) == "1");

    // Uri completes short forms such as 127.1. A name under localhost never leaves the machine either (RFC 6761, 6.3).
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
