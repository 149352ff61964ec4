namespace Gateway.Audit.Shipping;

/// <summary>A sink as an operator writes it; what is missing is refused with its place.</summary>
internal sealed record AuditSinkEntry
{
    /// <summary><c>webhook</c>, <c>otlp</c>, <c>syslog</c> or <c>postgres</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>Where it is.</summary>
    public string? Url { get; init; }

    /// <summary><c>block</c> or <c>drop</c>.</summary>
    public string? OnFull { get; init; }

    /// <summary><c>gateway</c> or <c>ocsf</c>.</summary>
    public string? Schema { get; init; }

    /// <summary>The file of the bearer token, or of a table's password.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The header that takes the token as it is.</summary>
    public string? TokenHeader { get; init; }

    /// <summary>The file of the authorities that may have signed the sink's certificate.</summary>
    public string? CaFile { get; init; }

    /// <summary>The file of the gateway's own certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The file of its key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How long a table keeps records, or <c>never</c> to delete none.</summary>
    public string? Retention { get; init; }
}
