using System.Net.Sockets;

namespace Gateway.Audit.Shipping;

/// <summary>Opens a connection to a sink, if the sink's address is allowed.</summary>
/// <param name="host">A host name or an IP address.</param>
/// <param name="port">The port, from 1 to 65535.</param>
/// <param name="cancellationToken">Cancels the attempt.</param>
/// <exception cref="SocketException">The host is unknown or does not respond.</exception>
/// <exception cref="IOException">The address is not allowed; the message says why.</exception>
public delegate ValueTask<NetworkStream> SinkConnect(string host, int port, CancellationToken cancellationToken);
