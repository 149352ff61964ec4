using System.Net.Sockets;

namespace Gateway.Hosting.Draining;

/// <summary>Makes the system close the connections of clients that disappear without closing them.</summary>
internal static class ClientSockets
{
    private const int Tcp = 6;
    private const int TcpUserTimeout = 18;
    private const int Probes = 3;

    /// <summary>
    /// Enables keep-alive probes and, on Linux, bounds how long sent data may stay unacknowledged: by default the
    /// system sends no probe while it retransmits data, for about 15 minutes.
    /// </summary>
    /// <param name="socket">An accepted connection.</param>
    /// <param name="unreachableMax">The maximum time without any acknowledgement from the other end.</param>
    public static void NoticeLoss(Socket socket, TimeSpan unreachableMax)
    {
        if (socket.ProtocolType != ProtocolType.Tcp)
            return;
        var step = Math.Max(1, (int)(unreachableMax.TotalSeconds / (Probes + 1)));
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, step);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, step);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(
                    Tcp, TcpUserTimeout, BitConverter.GetBytes((int)unreachableMax.TotalMilliseconds));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was closed at this moment, or the system does not support the option.
        }
    }
}
