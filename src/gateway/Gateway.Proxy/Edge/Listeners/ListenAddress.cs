using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Proxy.Edge.Listeners;

/// <summary>
/// One address to listen on. It is read strictly: the web server itself takes a name that it does not know, or a host
/// with a mistyped port, for every address of the machine.
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

    /// <summary>Whether this machine alone reaches it.</summary>
    public bool IsLoopback => IsLocalhost || (_ip is not null && IPAddress.IsLoopback(_ip));

    /// <summary>0 takes a free one.</summary>
    public int Port { get; }

    /// <exception cref="ListenException">It is no address; the message says what one looks like.</exception>
    public static ListenAddress Parse(string text)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(text.Trim());
        }
        catch (FormatException)
        {
            throw Wrong(text, "an address looks like http://127.0.0.1:8080");
        }

        if (address.Scheme is not ("http" or "https"))
            throw Wrong(text, "it begins with http:// or https://");
        if (address.PathBase.Length > 0)
            throw Wrong(text, "it ends with the port; paths are the gateway's own");
        if (address.Port is < 0 or > ushort.MaxValue)
            throw Wrong(text, $"{address.Port} is no port; take 1 to 65535, or 0 for a free one");
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
        throw Wrong(text, $"\"{address.Host}\" is no IP address; write one of this machine's with its port, "
            + "localhost, or * for all of them");
    }

    /// <summary>Has the server listen here.</summary>
    public void Bind(KestrelServerOptions kestrel, Action<ListenOptions> configure)
    {
        if (IsLocalhost)
            kestrel.ListenLocalhost(Port, configure);
        else if (_ip is null)
            kestrel.ListenAnyIP(Port, configure);
        else
            kestrel.Listen(_ip, Port, configure);
    }

    /// <summary>Why nobody can listen here now, in words; null where somebody can.</summary>
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
                    $"port {Port} is taken; end who listens there (ss -ltnp tells), or take another one",
                SocketError.AddressNotAvailable =>
                    "no network interface of this machine has that address; `ip address` lists them, * means all",
                SocketError.AccessDenied =>
                    $"this user may not listen on port {Port}; take one of 1024 or more",
                SocketError.AddressFamilyNotSupported => "this machine has no such kind of address",
                _ => e.Message,
            };
        }
    }

    public ListenException Wrong(string why, Exception? inner = null) => Wrong(Text, why, inner);

    private static ListenException Wrong(string text, string why, Exception? inner = null) =>
        new($"cannot listen on \"{text}\": {why}", inner);
}
