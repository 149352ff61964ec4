using System.Net;
using System.Net.Sockets;

namespace Gateway.Hosting.Composition;

/// <summary>
/// The threads that run requests: those of the socket engines, which also run handlers with inline I/O, and the thread
/// pool. A request to the process's own listener would depend on its TLS and certificates instead.
/// </summary>
internal static class RequestLoop
{
    private const int EnginesMax = 64;

    /// <summary>Sends a datagram to this process through each socket engine.</summary>
    /// <returns>False if one of them did not arrive in time.</returns>
    public static async Task<bool> IsRunningAsync(
        TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            // The framework assigns sockets to engines in turn and has at most one engine for each processor.
            await Task.WhenAll(Enumerable.Range(0, Math.Min(Environment.ProcessorCount, EnginesMax))
                .Select(_ => PassAsync(end.Token)));
            return true;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return false;
        }
        catch (SocketException)
        {
            // A machine that permits no such socket proves nothing about requests, but this code ran, so the loop does.
            return true;
        }
    }

    private static async Task PassAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // Started before there is something to receive, so that the engine completes it.
        var received = socket.ReceiveAsync(new byte[1], SocketFlags.None, cancellationToken);
        await socket.SendToAsync(new byte[1], socket.LocalEndPoint!, cancellationToken);
        await received;
    }
}
