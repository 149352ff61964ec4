using System.Net;
using System.Net.Sockets;

namespace Gateway.Control.Network;

/// <summary>
/// Opens outbound connections. A host is resolved once, its addresses are checked, and only these are connected to, so
/// a name that changes its address between check and connection (DNS rebinding) gains nothing.
/// </summary>
/// <param name="allowed">Link-local and cloud metadata networks that may be connected to.</param>
/// <param name="resolve">Resolves a name; null for the system's resolver.</param>
public sealed class OutboundConnector(
    IReadOnlyList<IPNetwork> allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve =
        resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>A connector without exceptions for link-local addresses.</summary>
    public static OutboundConnector Default { get; } = new([]);

    /// <summary>Connects to the first address of the host that answers.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">From 1 to 65535.</param>
    /// <param name="rule">The addresses that are allowed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The connection, which the caller disposes.</returns>
    /// <exception cref="AddressRefusedException">The rule does not allow the host's addresses.</exception>
    /// <exception cref="SocketException">The host is unknown, or none of its addresses answers.</exception>
    public async ValueTask<NetworkStream> OpenAsync(
        string host, int port, AddressRule rule, CancellationToken cancellationToken)
    {
        var addresses = await _resolve(host, cancellationToken);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        var usable = Array.FindAll(addresses, address => IsAllowed(address, rule));
        // A name of a stranger with one private address among public ones is an attack. The name of a machine in one's
        // own network often has a link-local address beside the one that is meant.
        if (usable.Length == 0 || (rule == AddressRule.Public && usable.Length < addresses.Length))
            throw Refused(host, addresses.Except(usable).First(), rule);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, port, cancellationToken);
            if (socket.RemoteEndPoint is IPEndPoint peer && !IsAllowed(peer.Address, rule))
                throw Refused(host, peer.Address, rule);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsAllowed(IPAddress address, AddressRule rule) => rule == AddressRule.Public
        ? GlobalAddress.Is(address)
        : !GlobalAddress.IsLinkLocalOrMetadata(address) || allowed.Any(network =>
            network.Contains(address) || network.Contains(GlobalAddress.Unwrap(address)));

    private static AddressRefusedException Refused(string host, IPAddress address, AddressRule rule) =>
        new(host, address, rule);
}
