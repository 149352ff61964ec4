using Gateway.Control.Contracts;
using Gateway.Control.Network;

namespace Gateway.Proxy.Upstreams.Connections;

/// <summary>The settings for outbound connections to one server.</summary>
/// <param name="Connector">Opens connections and checks their addresses.</param>
/// <param name="Proxy">The operator's choice of a proxy; null uses the environment.</param>
/// <param name="Tls">The server's certificate files; null if there are none.</param>
public sealed record ServerEgress(OutboundConnector Connector, OutboundProxy? Proxy = null, ServerTlsFiles? Tls = null);

/// <summary>
/// A sender of requests over connections whose certificates follow their files. A change of the files takes effect with
/// the next request; running requests finish on the connection that they began on.
/// </summary>
internal sealed class EgressInvoker : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly ServerTlsFiles? _files;
    private readonly bool _presents;
    private readonly Func<SocketsHttpHandler> _create;
    private readonly TimeProvider _time;
    private readonly Action<string>? _unusable;
    private volatile HttpMessageInvoker? _current;
    private volatile string? _problem;
    private ServerTls? _tls;
    private long _next;

    /// <param name="files">The certificate files; null uses the system's trust and no client certificate.</param>
    /// <param name="presents">True if the client certificate may be presented.</param>
    /// <param name="create">Creates a handler without its TLS options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="unusable">Called once for each change after which the files cannot be used.</param>
    public EgressInvoker(
        ServerTlsFiles? files, bool presents, Func<SocketsHttpHandler> create, TimeProvider time,
        Action<string>? unusable = null)
    {
        (_files, _presents, _create, _time, _unusable) = (files, presents, create, time, unusable);
        if (files is null)
            _current = new HttpMessageInvoker(create());
        else
            Refresh(files);
    }

    /// <summary>Returns the current invoker, or null if the files could not be used from the start.</summary>
    /// <param name="problem">The reason why the current files cannot be used; the previous ones stay in use.</param>
    public HttpMessageInvoker? Get(out string? problem)
    {
        var next = Volatile.Read(ref _next);
        if (_files is { } files && _time.GetTimestamp() is var now && now >= next
            && Interlocked.CompareExchange(ref _next, After(now), next) == next)
        {
            Refresh(files);
        }

        problem = _problem;
        return _current;
    }

    public void Dispose() => _current?.Dispose();

    private long After(long now) => now + (long)(LookEvery.TotalSeconds * _time.TimestampFrequency);

    private void Refresh(ServerTlsFiles files)
    {
        string? why = null;
        var read = ServerTls.Read(files, (_, problem) => why ??= problem);
        if (read is null)
        {
            if (why != _problem)
                _unusable?.Invoke(why!);
            _problem = why;
            return;
        }

        _problem = null;
        if (_tls is { } tls && tls.IsSameAs(read))
            return;
        _tls = read;
        var handler = _create();
        handler.SslOptions = read.ToOptions(_presents);
        // The previous invoker is not disposed: another request may be about to use it. Its idle connections close
        // after a minute.
        _current = new HttpMessageInvoker(handler);
    }
}
