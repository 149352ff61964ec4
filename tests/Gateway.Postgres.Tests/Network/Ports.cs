using System.Net;
using System.Net.Sockets;

namespace Gateway.Cluster.Tests.Fleets;

/// <summary>Free ports of this machine.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
