using System.Net;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// Where the operator's paths answer: the admin API, the console and the metrics. On the address given for them; else
/// where agents are served, as long as that is loopback; else nowhere, so that agents never reach them.
/// </summary>
public sealed class AdminListener
{
    private volatile Uri[] _addresses = [];
    private volatile Uri? _agents;

    /// <summary>The operator's paths answer on these addresses from now on; before that on none.</summary>
    /// <param name="listen">The addresses that agents are served on, with the ports that were taken.</param>
    /// <param name="adminListen">The address given for operators, with its port; null where none was given.</param>
    public void Open(IEnumerable<Uri> listen, Uri? adminListen)
    {
        List<Uri> addresses = [.. listen];
        _agents = addresses.FirstOrDefault();
        _addresses = adminListen is not null ? [adminListen]
            : addresses.TrueForAll(static address => address.IsLoopback) ? [.. addresses]
            : [];
    }

    /// <summary>What an operator reads at the start if no listener serves the admin API; null if one does.</summary>
    public string? Notice => _addresses.Length > 0 ? null
        : "The admin API and the console are not served, because other machines reach an address of --listen. To serve "
            + "them, add an address for operators: --admin-listen http://127.0.0.1:8081";

    /// <summary>
    /// Where agents are served: the first address that was given. One that stands for every address of the machine is
    /// there under the name by which the operator came, too.
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
    /// Whether this request came in where the operator's paths answer; elsewhere they do not exist (404).
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

    /// <summary>Agents may be served on another address with the same port, so the port alone says nothing.</summary>
    private static bool IsAt(Uri listened, IPAddress? reached)
    {
        if (reached is null)
            return false;
        if (reached.IsIPv4MappedToIPv6)
            reached = reached.MapToIPv4();
        // A name other than localhost, and 0.0.0.0 or [::], listen on every address.
        return !IPAddress.TryParse(listened.Host.Trim('[', ']'), out var address)
            ? !listened.IsLoopback || IPAddress.IsLoopback(reached)
            : address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(reached);
    }
}
