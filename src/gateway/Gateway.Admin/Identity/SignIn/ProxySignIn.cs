using System.Net;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// Operators that a proxy has signed in and names in a header. Off unless the configuration has <c>admin.proxy</c>;
/// then the header counts from the proxy's address alone, and with its secret.
/// </summary>
public sealed class ProxySignIn(SnapshotUpdater control, OperatorStore operators)
{
    /// <summary>Whether the request has the proxy's header; it is refused where it is not from there.</summary>
    public bool IsClaimed(HttpRequest request) =>
        control.State.Config.Proxy is { } proxy && request.Headers.ContainsKey(proxy.Header);

    /// <summary>Whom the proxy names; null where it is not the proxy, or names no operator that may come in.</summary>
    public OperatorAccount? Find(HttpContext http)
    {
        // The connection itself counts: a proxy in trustedProxies may only say where a client is.
        var (request, source) = (http.Request, RequestSource.Of(http));
        var address = source.Peer;
        if (control.State.Config.Proxy is not { } proxy
            || !proxy.Addresses.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
            || (!source.IsPeerTls && !IPAddress.IsLoopback(address)))
        {
            return null;
        }

        // Of two of either one may be the client's own, which the proxy let through.
        return request.Headers[ProxySettings.SecretHeader] is [{ } secret]
            && TokenHash.Of(secret) == proxy.Secret
            && request.Headers[proxy.Header] is [{ } name]
            && operators.Current.Accounts.GetValueOrDefault(name) is { IsDisabled: false } account
                ? account
                : null;
    }
}
