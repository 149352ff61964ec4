using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Hosting.Draining;

/// <summary>
/// A listener that counts the connections it accepts, and can be closed without losing connected clients.
/// </summary>
internal sealed class DrainingListener(
    IConnectionListener inner, Socket? socket, OpenConnections connections, TimeSpan unreachableMax)
    : IConnectionListener
{
    // As long as the handshake of a distant client: one that is in it now has yet to reach the queue.
    private static readonly TimeSpan Handshake = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var connection = await inner.AcceptAsync(cancellationToken).ConfigureAwait(false);
        if (connection is null)
            _ended.TrySetResult();
        else
        {
            if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } accepted)
                ClientSockets.NoticeLoss(accepted, unreachableMax);
            connections.Enter(connection);
        }

        return connection;
    }

    /// <summary>
    /// Blocks new connections, accepts every client that has connected, and closes. A later client is refused, and
    /// knows that nothing was sent.
    /// </summary>
    /// <param name="time">Measures the waiting.</param>
    /// <param name="cancellationToken">Ends the wait; the listener is closed all the same.</param>
    public async Task CloseAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (socket is not null && AcceptQueue.TryShut(socket))
            await Task.Delay(Handshake, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (socket is not null && !cancellationToken.IsCancellationRequested && AcceptQueue.Waiting(socket) > 0)
            await Task.Delay(Step, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await inner.UnbindAsync(CancellationToken.None).ConfigureAwait(false);
        await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
