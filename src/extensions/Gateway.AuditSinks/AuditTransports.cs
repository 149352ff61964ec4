using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

/// <summary>Transports to sinks that need no database.</summary>
public static class AuditTransports
{
    /// <summary>Creates a transport to a sink at any address, without connecting yet.</summary>
    /// <exception cref="ArgumentException">The sink is of kind <see cref="AuditSinkKind.Postgres"/>.</exception>
    public static IAuditTransport Open(AuditSinkOptions options) => Open(options, SinkSocket.ConnectAsync);

    /// <summary>Creates a transport to a sink, without connecting yet.</summary>
    /// <exception cref="ArgumentException">The sink is of kind <see cref="AuditSinkKind.Postgres"/>.</exception>
    /// <param name="options">The sink.</param>
    /// <param name="connect">Opens connections to the sink.</param>
    public static IAuditTransport Open(AuditSinkOptions options, SinkConnect connect) => options.Kind switch
    {
        AuditSinkKind.Webhook or AuditSinkKind.Otlp => new HttpTransport(options, connect),
        AuditSinkKind.Syslog => new SyslogTransport(options, connect),
        _ => throw new ArgumentException($"{options.Kind} is opened by the host.", nameof(options)),
    };
}
