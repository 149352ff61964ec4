using System.Net;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// Operators whom a proxy has signed in and names in a header. Off unless the configuration has <c>admin.proxy</c>;
/// then the header is only accepted from the proxy's address, and with its secret.
/// </summary>
public sealed class ProxySignIn(SnapshotUpdater control, OperatorStore operators)
{
    /// <summary>
    /// Returns true if the request has the proxy's header. Such a request is refused unless it is from the proxy.
    /// </summary>
    public bool IsClaimed(HttpRequest request) =>
        control.State.Config.Proxy is { } proxy && request.Headers.ContainsKey(proxy.Header);

    /// <summary>
    /// Returns the operator whom the proxy names; null if it is not the proxy, or if no active operator is named.
    /// </summary>
    public OperatorAccount? Find(HttpContext http)
    {
        // The peer address of the connection decides: a proxy in trustedProxies may only report the client's address.
        var (request, source) = (http.Request, RequestSource.Of(http));
        var address = source.Peer;
        if (control.State.Config.Proxy is not { } proxy
            || !proxy.Addresses.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            || (!source.IsPeerTls && !IPAddress.IsLoopback(address)))
        {
            return null;
        }

        // If a header occurs twice, one may be the client's own, which the proxy let through.
        return request.Headers[ProxySettings.SecretHeader] is [{ } secret]
            && TokenHash.Of(secret) == proxy.Secret
            && request.Headers[proxy.Header] is [{ } name]
            && operators.Current.Accounts.GetValueOrDefault(name) is { IsDisabled: false } account
                ? account
                : null;
    }
}
