using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

/// <summary>The ways to sinks that need no database.</summary>
public static class AuditTransports
{
    /// <summary>Opens the way to a sink at any address; nothing is connected yet.</summary>
    /// <exception cref="ArgumentException">It is a <see cref="AuditSinkKind.Postgres"/>.</exception>
    public static IAuditTransport Open(AuditSinkOptions options) => Open(options, SinkSocket.ConnectAsync);

    /// <summary>Opens the way to a sink; nothing is connected yet.</summary>
    /// <exception cref="ArgumentException">It is a <see cref="AuditSinkKind.Postgres"/>.</exception>
    /// <param name="options">The sink.</param>
    /// <param name="connect">Opens connections to it.</param>
    public static IAuditTransport Open(AuditSinkOptions options, SinkConnect connect) => options.Kind switch
    {
        AuditSinkKind.Webhook or AuditSinkKind.Otlp => new HttpTransport(options, connect),
        AuditSinkKind.Syslog => new SyslogTransport(options, connect),
        _ => throw new ArgumentException($"{options.Kind} is opened by the host.", nameof(options)),
    };
}
