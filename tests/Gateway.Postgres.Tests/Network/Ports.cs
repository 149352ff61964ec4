using System.Net;
using System.Net.Sockets;

namespace Gateway.Postgres.Tests.Network;

/// <summary>Ports of this machine that were free a moment ago.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
