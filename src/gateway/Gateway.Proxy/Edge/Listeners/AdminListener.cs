using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// The listener of the operator's paths: the admin API, the console and the metrics. They are served on the address
/// given for them. Without one, they share the agents' addresses if all of these are loopback; otherwise they are not
/// served, so that agents never reach them.
/// </summary>
public sealed class AdminListener
{
    private volatile Uri[] _addresses = [];
    private volatile Uri? _agents;

    /// <summary>
    /// Serves the operator's paths on these addresses from now on; before that, they are served on none.
    /// </summary>
    /// <param name="listen">The addresses for agents, with the actual ports.</param>
    /// <param name="adminListen">The address for operators, with its port; null if none was given.</param>
    public void Open(IEnumerable<Uri> listen, Uri? adminListen)
    {
        List<Uri> addresses = [.. listen];
        _agents = addresses.FirstOrDefault();
        _addresses = adminListen is not null ? [adminListen]
            : addresses.TrueForAll(static address => address.IsLoopback) ? [.. addresses]
            : [];
    }

    /// <summary>The text for an operator at startup if no listener serves the admin API; null if one does.</summary>
    public string? Notice => _addresses.Length > 0 ? null
        : "The admin API and the console are not served, because other machines reach an address of --listen. To serve "
            + "them, add an address for operators: --admin-listen http://127.0.0.1:8081";

    /// <summary>
    /// Returns the address for agents: the first one that was given. If it stands for every address of the machine, it
    /// gets the host name that the operator's request used.
    /// </summary>
    public Uri AgentAddress(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var agents = _agents ?? new Uri($"{request.Scheme}://{request.Host}");
        return IPAddress.TryParse(agents.Host.Trim('[', ']'), out var address)
            && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
                ? new UriBuilder(agents) { Host = request.Host.Host }.Uri
                : agents;
    }

    /// <summary>
    /// Returns true if this request arrived where the operator's paths are served; elsewhere they do not exist (404).
    /// </summary>
    public bool Serves(HttpContext http)
    {
        var connection = http.Connection;
        foreach (var address in _addresses)
        {
            if (connection.LocalPort == address.Port && IsAt(address, connection.LocalIpAddress))
                return true;
        }

        return false;
    }

    /// <summary>Compares addresses, because agents may be served on another address with the same port.</summary>
    private static bool IsAt(Uri listened, IPAddress? reached)
    {
        if (reached is null)
            return false;
        if (reached.IsIPv4MappedToIPv6)
            reached = reached.MapToIPv4();
        // A name other than localhost, and 0.0.0.0 or [::], listens on every address.
        return !IPAddress.TryParse(listened.Host.Trim('[', ']'), out var address)
            ? !listened.IsLoopback || IPAddress.IsLoopback(reached)
            : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(reached);
    }
}
