using System.Net;
using System.Net.Sockets;

namespace Gateway.Control.Network;

/// <summary>
/// Opens outbound connections. A host is resolved once, its addresses are checked, and only these are connected to, so
/// a name that changes its address between check and connection (DNS rebinding) gains nothing.
/// </summary>
/// <param name="allowed">Link-local and cloud metadata networks that may be connected to.</param>
/// <param name="resolve">Resolves a name; null for the system's resolver.</param>
/// <param name="environment">The proxies of the environment; null for none.</param>
public sealed class OutboundConnector(
    IReadOnlyList<IPNetwork> allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
    EnvironmentProxies? environment = null)
{
    /// <summary>The maximum number of addresses of one target for which a proxy is asked to open a tunnel.</summary>
    private const int TunnelAttemptsMax = 4;

    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve =
        resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>A connector without exceptions for link-local addresses.</summary>
    public static OutboundConnector Default { get; } = new([]);

    /// <summary>
    /// Returns the proxy through which a target is reached; null if it is reached directly, as everything on this
    /// machine is.
    /// </summary>
    /// <param name="target">The address of the target.</param>
    /// <param name="chosen">The operator's choice for this target; null leaves it to the environment.</param>
    public OutboundProxy? ProxyFor(Uri target, OutboundProxy? chosen)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (IsThisMachine(target))
            return null;
        return (chosen?.Url ?? environment?.For(target)) is { } url ? new(url, chosen is { Resolves: true }) : null;
    }

    /// <summary>
    /// Connects to the target of a URL, through its proxy if it has one. A proxy is not a way around the rule: it
    /// receives an address that was checked. It receives a name only if the operator chose that the proxy resolves
    /// names, and never for a target that another party named (<see cref="AddressRule.Public"/>).
    /// </summary>
    /// <param name="target">The URL; only its host and port are used.</param>
    /// <param name="rule">The addresses that are allowed.</param>
    /// <param name="chosen">The operator's choice of a proxy; null leaves it to the environment.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The connection, which the caller disposes.</returns>
    /// <exception cref="AddressRefusedException">The rule does not allow the target's addresses.</exception>
    /// <exception cref="ProxyException">The proxy opened no connection to the target.</exception>
    /// <exception cref="SocketException">The target or the proxy is unknown, or does not respond.</exception>
    public async ValueTask<NetworkStream> OpenAsync(
        Uri target, AddressRule rule, OutboundProxy? chosen, CancellationToken cancellationToken)
    {
        var (host, port) = (target.IdnHost, target.Port);
        if (ProxyFor(target, chosen) is not { } proxy)
            return await OpenAsync(host, port, rule, cancellationToken);
        if (proxy.Resolves && rule == AddressRule.Registered && !AddressLiteral.TryParse(host, out _))
            return await OpenAsync(proxy.Url!, host, port, cancellationToken);
        var usable = await ResolveAsync(host, rule, cancellationToken);
        // A proxy would connect to its own machine.
        var remote = Array.FindAll(usable, static address => !IsThisMachine(address));
        if (remote.Length == 0)
            return await ConnectAsync(host, usable, port, rule, cancellationToken);
        ProxyException? failed = null;
        foreach (var address in remote.Take(TunnelAttemptsMax))
        {
            try
            {
                return await OpenAsync(proxy.Url!, address.ToString(), port, cancellationToken);
            }
            catch (ProxyException e) when (e.MayTryAnotherAddress)
            {
                failed = e;
            }
        }

        throw failed!;
    }

    /// <summary>Connects to the first address of the host that accepts the connection.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">From 1 to 65535.</param>
    /// <param name="rule">The addresses that are allowed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The connection, which the caller disposes.</returns>
    /// <exception cref="AddressRefusedException">The rule does not allow the host's addresses.</exception>
    /// <exception cref="SocketException">
    /// The host is unknown, or none of its addresses accepts a connection.
    /// </exception>
    public async ValueTask<NetworkStream> OpenAsync(
        string host, int port, AddressRule rule, CancellationToken cancellationToken)
    {
        var usable = await ResolveAsync(host, rule, cancellationToken);
        return await ConnectAsync(host, usable, port, rule, cancellationToken);
    }

    private async ValueTask<NetworkStream> OpenAsync(
        Uri proxy, string host, int port, CancellationToken cancellationToken)
    {
        var stream = await OpenAsync(proxy.IdnHost, proxy.Port, AddressRule.Registered, cancellationToken);
        try
        {
            await ConnectTunnel.OpenAsync(stream, proxy, host, port, cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<IPAddress[]> ResolveAsync(
        string host, AddressRule rule, CancellationToken cancellationToken)
    {
        var addresses = AddressLiteral.TryParse(host, out var literal)
            ? [literal] : await _resolve(host, cancellationToken);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        var usable = Array.FindAll(addresses, address => IsAllowed(address, rule));
        // A third party's name with one private address among public ones is an attack. The name of a machine in the
        // own network often has a link-local address beside the intended one.
        if (usable.Length == 0 || (rule == AddressRule.Public && usable.Length < addresses.Length))
            throw Refused(host, addresses.Except(usable).First(), rule);
        return usable;
    }

    private async ValueTask<NetworkStream> ConnectAsync(
        string host, IPAddress[] usable, int port, AddressRule rule, CancellationToken cancellationToken)
    {
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

    private static bool IsThisMachine(Uri target)
    {
        var host = target.IdnHost.Trim('[', ']').TrimEnd('.');
        return target.IsLoopback || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IsThisMachine(address));
    }

    // An unspecified address reaches this machine as well.
    private static bool IsThisMachine(IPAddress address)
    {
        var plain = GlobalAddress.Unwrap(address);
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any);
    }

    private static AddressRefusedException Refused(string host, IPAddress address, AddressRule rule) =>
        new(host, address, rule);
}

/// <summary>A host resolved to an address that the rule for this connection does not allow. Nothing was sent.</summary>
public sealed class AddressRefusedException : IOException
{
    /// <summary>Creates an exception that states the host, the address and what to do.</summary>
    public AddressRefusedException(string host, IPAddress address, AddressRule rule)
        : base(rule == AddressRule.Public
            ? $"{host} resolves to {address}, which is not a public address"
            : $"{host} resolves to {address}, a link-local or cloud metadata address; if that is intended, start the "
                + $"gateway with --allow-address {address}") => Rule = rule;

    /// <summary>The rule that was broken.</summary>
    public AddressRule Rule { get; }
}
