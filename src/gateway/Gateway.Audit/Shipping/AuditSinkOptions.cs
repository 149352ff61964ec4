using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Audit.Shipping;

/// <summary>A destination for audit records besides the file.</summary>
/// <param name="Name">The sink's name.</param>
/// <param name="Kind">The sink's protocol.</param>
/// <param name="Url">
/// Address of the sink: <c>https</c> for a webhook and OTLP, <c>tls://host:6514</c> for syslog, <c>postgres://…</c> for
/// a table.
/// </param>
/// <param name="Blocks">
/// True to keep a file until it has been shipped, and deny calls if that fills the log; false to delete the file
/// unshipped and count it.
/// </param>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record AuditSinkOptions(string Name, AuditSinkKind Kind, string Url, bool Blocks)
{
    /// <summary>True to send records as OCSF events; false to send them as they are in the file.</summary>
    public bool IsOcsf { get; init; }

    /// <summary>
    /// File of the token, or of a table's password; it is read again for each connection or batch. Null for none.
    /// </summary>
    public string? TokenFile { get; init; }

    /// <summary>Header that carries the token without a scheme; null sends <c>Authorization: Bearer</c>.</summary>
    public string? TokenHeader { get; init; }

    /// <summary>Authorities that may have signed the sink's certificate, as PEM; null trusts the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The gateway's client certificate, as PEM; null presents none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Key of the client certificate, as PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Retention of a day's records in a table; null keeps them forever.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan? Retention { get; init; }
}
