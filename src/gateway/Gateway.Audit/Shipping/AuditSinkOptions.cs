using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Audit.Shipping;

/// <summary>A place beside the file where records go.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="Url">
/// Where it is: <c>https</c> for a webhook and OTLP, <c>tls://host:6514</c> for syslog, <c>postgres://…</c> for a
/// table.
/// </param>
/// <param name="Blocks">
/// True if a file is kept until it was shipped, and calls are denied when that fills the log; else it is deleted
/// unshipped and counted.
/// </param>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record AuditSinkOptions(string Name, AuditSinkKind Kind, string Url, bool Blocks)
{
    /// <summary>True if records go as OCSF events, else as they stand in the file.</summary>
    public bool IsOcsf { get; init; }

    /// <summary>
    /// The file of the token, or of a table's password, read anew at each connection or batch; null for none.
    /// </summary>
    public string? TokenFile { get; init; }

    /// <summary>The header that takes the token as it is; null sends it as <c>Authorization: Bearer</c>.</summary>
    public string? TokenHeader { get; init; }

    /// <summary>The authorities that may have signed the sink's certificate, as PEM; null takes the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The gateway's own certificate, as PEM; null shows none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its key, as PEM.</summary>
    public string? KeyFile { get; init; }

    /// <summary>How long a table keeps a day's records; null for ever.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan? Retention { get; init; }
}
