using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

internal static class SinkSocket
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>Connects to any address.</summary>
    public static async ValueTask<NetworkStream> ConnectAsync(
        string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a sink within the time limit.</summary>
    /// <exception cref="IOException">The sink cannot be reached; the message contains the reason.</exception>
    public static async Task<NetworkStream> OpenAsync(
        SinkConnect connect, string host, int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            return await connect(host, port, limit.Token);
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"no connection within {ConnectLimit.TotalSeconds} s", e);
        }
    }

    /// <summary>Starts TLS on a connection. The returned stream owns the connection; a failure closes it.</summary>
    /// <exception cref="IOException">The peer's certificate is not valid, or a file cannot be used.</exception>
    public static async Task<SslStream> SecureAsync(
        Stream tcp, AuditSinkOptions options, string host, CancellationToken cancellationToken)
    {
        var tls = new SslStream(tcp, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(SinkTls.Read(options, host), cancellationToken);
            return tls;
        }
        catch (Exception e)
        {
            await tls.DisposeAsync();
            if (e is AuthenticationException or CryptographicException)
                throw new IOException(e.Message, e);
            throw;
        }
    }
}
