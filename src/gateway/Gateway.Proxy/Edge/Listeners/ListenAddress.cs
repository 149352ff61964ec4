using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// One address to listen on. It is parsed strictly: the web server itself would treat an unknown name, or a host with a
/// mistyped port, as every address of the machine.
/// </summary>
internal sealed class ListenAddress
{
    private const string EveryAddress = "*";
    private readonly IPAddress? _ip;

    private ListenAddress(string text, bool isTls, IPAddress? ip, bool isLocalhost, int port) =>
        (Text, IsTls, _ip, IsLocalhost, Port) = (text, isTls, ip, isLocalhost, port);

    public string Text { get; }

    public bool IsTls { get; }

    public bool IsLocalhost { get; }

    /// <summary>True if only this machine can reach it.</summary>
    public bool IsLoopback => IsLocalhost || (_ip is not null && IPAddress.IsLoopback(_ip));

    /// <summary>The port; 0 selects a free one.</summary>
    public int Port { get; }

    /// <exception cref="ListenException">The text is not a valid address; the message shows the format.</exception>
    public static ListenAddress Parse(string text)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(text.Trim());
        }
        catch (FormatException)
        {
            throw Wrong(text, "an address must look like http://127.0.0.1:8080");
        }

        if (address.Scheme is not ("http" or "https"))
            throw Wrong(text, "it must begin with http:// or https://");
        if (address.PathBase.Length > 0)
            throw Wrong(text, "it must end with the port; the gateway defines the paths");
        if (address.Port is < 0 or > ushort.MaxValue)
            throw Wrong(text, $"{address.Port} is not a valid port; use 1 to 65535, or 0 for a free one");
        var isTls = address.Scheme == "https";
        if (string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return address.Port > 0
                ? new ListenAddress(text, isTls, null, isLocalhost: true, address.Port)
                : throw Wrong(text, "a free port cannot be the same for both addresses of localhost; use 127.0.0.1");
        }

        if (address.Host is EveryAddress or "+")
            return new ListenAddress(text, isTls, null, isLocalhost: false, address.Port);
        if (IPAddress.TryParse(address.Host, out var ip) && address.Host.AsSpan().ContainsAny(".:"))
            return new ListenAddress(text, isTls, ip, isLocalhost: false, address.Port);
        throw Wrong(text, $"\"{address.Host}\" is not an IP address; use an address of this machine with its port, "
            + "localhost, or * for all of them");
    }

    /// <summary>Makes the server listen on this address.</summary>
    public void Bind(KestrelServerOptions kestrel, Action<ListenOptions> configure)
    {
        if (IsLocalhost)
            kestrel.ListenLocalhost(Port, configure);
        else if (_ip is null)
            kestrel.ListenAnyIP(Port, configure);
        else
            kestrel.Listen(_ip, Port, configure);
    }

    /// <summary>Returns the reason why this address cannot be used now; null if it can.</summary>
    public string? Obstacle()
    {
        var ip = IsLocalhost ? IPAddress.Loopback : _ip ?? IPAddress.Any;
        using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(ip, Port));
            socket.Listen();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse =>
                    $"port {Port} is in use; stop the process that listens there (see ss -ltnp), or use another port",
                SocketError.AddressNotAvailable =>
                    "no network interface of this machine has that address; `ip address` lists them, * means all",
                SocketError.AccessDenied =>
                    $"this user may not listen on port {Port}; use 1024 or higher",
                SocketError.AddressFamilyNotSupported => "this machine does not support this kind of address",
                _ => e.Message,
            };
        }
    }

    public ListenException Wrong(string why, Exception? inner = null) => Wrong(Text, why, inner);

    private static ListenException Wrong(string text, string why, Exception? inner = null) =>
        new($"cannot listen on \"{text}\": {why}", inner);
}

/// <summary>The error that an address cannot be listened on; the message is one line with the solution.</summary>
public sealed class ListenException(string message, Exception? inner = null) : IOException(message, inner);
