namespace Gateway.TestHarness.Network;

/// <summary>A factory for clients that connect from a chosen address.</summary>
public static class AddressedClient
{
    /// <summary>
    /// Returns a client to the IPv4 address <paramref name="to"/> that connects from <paramref name="from"/>.
    /// </summary>
    public static HttpClient Create(Uri to, string from) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (context, stop) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(
                IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = to,
    };
}
