using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting.Draining;

/// <summary>Kestrel's own sockets, whose listeners the gateway closes itself before the server stops.</summary>
internal sealed class DrainingTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // A connection is closed if the client acknowledges nothing for this long; whole seconds.
    private static readonly TimeSpan ClientUnreachableMax = TimeSpan.FromSeconds(60);

    private readonly SocketTransportFactory _sockets;
    private readonly OpenConnections _connections;
    private readonly ConcurrentQueue<DrainingListener> _listeners = new();
    private Socket? _bound;

    public DrainingTransport(
        IOptions<SocketTransportOptions> options, ILoggerFactory loggers, OpenConnections connections)
    {
        var bind = options.Value.CreateBoundListenSocket;
        options.Value.CreateBoundListenSocket = endpoint => _bound = bind(endpoint);
        _sockets = new SocketTransportFactory(options, loggers);
        _connections = connections;
    }

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        // The server binds one address after another.
        _bound = null;
        var inner = await _sockets.BindAsync(endpoint, cancellationToken).ConfigureAwait(false);
        var listener = new DrainingListener(inner, _bound, _connections, ClientUnreachableMax);
        _listeners.Enqueue(listener);
        return listener;
    }

    /// <summary>Closes every listener, without losing connected clients.</summary>
    public Task CloseAsync(TimeProvider time, CancellationToken cancellationToken) =>
        Task.WhenAll(_listeners.Select(listener => listener.CloseAsync(time, cancellationToken)));
}
