namespace Gateway.TestHarness.Network;

/// <summary>Clients that connect from an address of their choice.</summary>
public static class AddressedClient
{
    /// <summary>A client to the IPv4 address <paramref name="to"/> connecting from <paramref name="from"/>.</summary>
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
