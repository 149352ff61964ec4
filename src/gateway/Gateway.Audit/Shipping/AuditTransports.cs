namespace Gateway.Audit.Shipping;

/// <summary>The ways to sinks that need no database.</summary>
public static class AuditTransports
{
    /// <summary>Opens the way to a sink; nothing is connected yet.</summary>
    /// <exception cref="ArgumentException">It is a <see cref="AuditSinkKind.Postgres"/>.</exception>
    public static IAuditTransport Open(AuditSinkOptions options) => options.Kind switch
    {
        AuditSinkKind.Webhook or AuditSinkKind.Otlp => new HttpTransport(options),
        AuditSinkKind.Syslog => new SyslogTransport(options),
        _ => throw new ArgumentException($"{options.Kind} is opened by the host.", nameof(options)),
    };
}
