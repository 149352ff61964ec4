using System.Globalization;
using System.Text;

namespace Gateway.Control.Network;

/// <summary>The failure of a proxy to open a connection to a target. Nothing was sent to the target.</summary>
public sealed class ProxyException : IOException
{
    /// <summary>Creates an exception that states the proxy, the target and the reason.</summary>
    /// <param name="proxy">The proxy; its credential is not shown.</param>
    /// <param name="target">Host and port of the target.</param>
    /// <param name="reason">The proxy's reply, and what to do.</param>
    /// <param name="mayHelp">True if another address of the target may be reachable.</param>
    /// <param name="inner">The cause.</param>
    internal ProxyException(
        Uri proxy, string target, string reason, bool mayHelp = false, Exception? inner = null)
        : base($"the proxy http://{proxy.Authority} opened no connection to {target}: {reason}", inner) =>
        MayTryAnotherAddress = mayHelp;

    /// <summary>True if the proxy could not reach this address, so that another one of the target may work.</summary>
    internal bool MayTryAnotherAddress { get; }
}

/// <summary>Requests a tunnel from an HTTP proxy (RFC 9110, 9.3.6).</summary>
internal static class ConnectTunnel
{
    private const int HeadBytesMax = 16 * 1024;

    /// <summary>Sends <c>CONNECT</c>, and returns when the proxy has opened the tunnel.</summary>
    /// <param name="stream">A connection to the proxy.</param>
    /// <param name="proxy">The proxy's address, with its credential.</param>
    /// <param name="host">A checked address; a name only if the proxy resolves names.</param>
    /// <param name="port">From 1 to 65535.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ProxyException">The proxy refused, or sent no readable reply.</exception>
    public static async Task OpenAsync(
        Stream stream, Uri proxy, string host, int port, CancellationToken cancellationToken)
    {
        var name = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        var target = string.Create(CultureInfo.InvariantCulture, $"{name}:{port}");
        var credential = proxy.UserInfo.Length == 0 ? "" : "Proxy-Authorization: Basic "
            + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(proxy.UserInfo))) + "\r\n";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{credential}\r\n"),
            cancellationToken);
        var head = new byte[HeadBytesMax];
        for (var count = 0; count < head.Length;)
        {
            var read = await stream.ReadAsync(head.AsMemory(count), cancellationToken);
            if (read == 0)
                throw new ProxyException(proxy, target, "it closed the connection before its reply was complete");
            count += read;
            var end = head.AsSpan(0, count).IndexOf("\r\n\r\n"u8);
            if (end < 0)
                continue;
            var status = StatusOf(head.AsSpan(0, end));
            if (status is not (>= 200 and < 300))
                throw new ProxyException(proxy, target, Words(status), status is 502 or 503 or 504);
            // The client speaks first in HTTP and in TLS. Bytes from the other side belong to neither.
            if (count > end + 4)
                throw new ProxyException(proxy, target, "it sent data before the first request");
            return;
        }

        throw new ProxyException(proxy, target, $"its reply is longer than {HeadBytesMax} bytes");
    }

    private static int StatusOf(ReadOnlySpan<byte> head) =>
        head.Length >= 12 && (head.StartsWith("HTTP/1.1 "u8) || head.StartsWith("HTTP/1.0 "u8))
        && int.TryParse(head[9..12], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    private static string Words(int status) => status switch
    {
        0 => "its reply is not HTTP/1.1. Check that the address belongs to an HTTP proxy",
        407 => "it requires credentials other than those given (407). Write them into the proxy's address",
        403 or 405 => $"it does not allow this target ({status}). Allow CONNECT to it at the proxy",
        502 or 503 or 504 => $"it could not reach the target ({status})",
        _ => $"it replied with {status}",
    };
}
