namespace Gateway.TestHarness;

/// <summary>Free ports of this machine, for programs that cannot choose one themselves.</summary>
public static class Ports
{
    // Below the range for outgoing connections, so that none takes the port before the program listens.
    private const int First = 15_000;
    private const int End = 30_000;
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>Returns a port on which nothing listens; never the same twice in one process.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            if (Given.TryAdd(port, true) && IsFree(port)) return port;
        }
    }

    /// <summary>Returns true if a program listens on a port of 127.0.0.1.</summary>
    public static bool IsOpen(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
