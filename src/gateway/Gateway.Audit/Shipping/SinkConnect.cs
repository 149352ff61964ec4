using System.Net.Sockets;

namespace Gateway.Audit.Shipping;

/// <summary>Opens a connection to a sink, if the sink's address is allowed.</summary>
/// <param name="host">A name or an address.</param>
/// <param name="port">From 1 to 65535.</param>
/// <param name="cancellationToken">Ends the attempt.</param>
/// <exception cref="SocketException">The host is unknown or does not answer.</exception>
/// <exception cref="IOException">The address is not allowed; the message says why.</exception>
public delegate ValueTask<NetworkStream> SinkConnect(string host, int port, CancellationToken cancellationToken);
