namespace Gateway.Audit.Shipping;

/// <summary>The protocol of a sink.</summary>
public enum AuditSinkKind
{
    /// <summary>JSON Lines, posted over HTTP.</summary>
    Webhook,

    /// <summary>OpenTelemetry log records as JSON over HTTP.</summary>
    Otlp,

    /// <summary>Syslog messages (RFC 5424) over TLS (RFC 5425).</summary>
    Syslog,

    /// <summary>A table, which all gateways of a fleet can share and read from.</summary>
    Postgres,
}
