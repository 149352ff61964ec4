using System.Net;
using System.Net.Sockets;

namespace Gateway.Control.Network;

/// <summary>Connections to addresses that were looked at after a name was resolved.</summary>
public static class ResolvedSocket
{
    /// <summary>Connects to the first of these addresses that answers; none is resolved again.</summary>
    /// <param name="addresses">At least one.</param>
    /// <param name="port">From 1 to 65535.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The connection, which is the caller's to close.</returns>
    /// <exception cref="SocketException">None of them answers.</exception>
    public static async ValueTask<Stream> OpenAsync(
        IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
