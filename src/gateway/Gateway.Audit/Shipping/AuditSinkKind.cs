namespace Gateway.Audit.Shipping;

/// <summary>How a sink is spoken to.</summary>
public enum AuditSinkKind
{
    /// <summary>JSON Lines, posted over HTTP.</summary>
    Webhook,

    /// <summary>OpenTelemetry log records as JSON over HTTP.</summary>
    Otlp,

    /// <summary>Syslog messages (RFC 5424) over TLS (RFC 5425).</summary>
    Syslog,

    /// <summary>A table, which all gateways of a fleet can share and be asked about.</summary>
    Postgres,
}
