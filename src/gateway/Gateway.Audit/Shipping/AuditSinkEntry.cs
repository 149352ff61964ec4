namespace Gateway.Audit.Shipping;

/// <summary>A sink in the form that an operator writes; a missing member is reported with its JSON Pointer.</summary>
internal sealed record AuditSinkEntry
{
    /// <summary><c>webhook</c>, <c>otlp</c>, <c>syslog</c> or <c>postgres</c>.</summary>
    public string? Kind { get; init; }

    public string? Url { get; init; }

    /// <summary><c>block</c> or <c>drop</c>.</summary>
    public string? OnFull { get; init; }

    /// <summary><c>gateway</c> or <c>ocsf</c>.</summary>
    public string? Schema { get; init; }

    /// <summary>File of the bearer token, or of a table's password.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Header that carries the token without a scheme.</summary>
    public string? TokenHeader { get; init; }

    /// <summary>File of the authorities that may have signed the sink's certificate.</summary>
    public string? CaFile { get; init; }

    /// <summary>File of the gateway's own certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>File of the certificate's key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Retention of a table's records, or <c>never</c> to delete none.</summary>
    public string? Retention { get; init; }
}
