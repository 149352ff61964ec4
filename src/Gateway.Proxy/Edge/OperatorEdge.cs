using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Edge;

/// <summary>
/// Where the operator's paths answer: the admin API, the console and the metrics. On the address given for them; else
/// where agents are served, as long as that is loopback; else nowhere, so that agents never reach them.
/// </summary>
public sealed class OperatorEdge
{
    private volatile FrozenSet<int> _ports = FrozenSet<int>.Empty;

    /// <summary>The operator's paths answer on these local ports from now on; before that on none.</summary>
    /// <param name="listen">The addresses that agents are served on, with the ports that were taken.</param>
    /// <param name="adminListen">The address given for operators, with its port; null where none was given.</param>
    public void Open(IEnumerable<Uri> listen, Uri? adminListen)
    {
        List<Uri> addresses = [.. listen];
        _ports = adminListen is not null ? FrozenSet.Create(adminListen.Port)
            : addresses.TrueForAll(address => address.IsLoopback)
                ? addresses.Select(address => address.Port).ToFrozenSet()
            : FrozenSet<int>.Empty;
    }

    /// <summary>
    /// Whether this request came in where the operator's paths answer; elsewhere they do not exist (404).
    /// </summary>
    public bool Serves(HttpContext http) => _ports.Contains(http.Connection.LocalPort);
}
