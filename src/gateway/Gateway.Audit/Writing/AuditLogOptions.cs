using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Shipping;
using Microsoft.Extensions.Options;

namespace Gateway.Audit.Writing;

/// <summary>How the audit log is written.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record AuditLogOptions
{
    /// <summary>The directory of its files; made if absent.</summary>
    public string Directory { get; init; } = "audit";

    /// <summary>Records that may wait for the writer; at the bound calls wait, then are denied.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; init; } = 8192;

    /// <summary>How long a call waits for room in the queue before it is denied.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Size in bytes at which it starts a new file.</summary>
    [Range(4096, 1L << 40)]
    public long FileBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>How much of it is kept.</summary>
    public AuditRetention Retention { get; init; } = new();

    /// <summary>Where the record goes besides.</summary>
    [ValidateEnumeratedItems]
    public IReadOnlyList<AuditSinkOptions> Sinks { get; init; } = [];

    /// <summary>Opens the connection to a sink.</summary>
    public Func<AuditSinkOptions, IAuditTransport> OpenSink { get; init; } = Unsupported;

    /// <summary>How it proves what it was.</summary>
    [ValidateObjectMembers]
    public EvidenceOptions Evidence { get; init; } = new();

    /// <summary>True where a record must survive power loss before its call goes on.</summary>
    public bool FlushToDisk { get; init; }

    /// <summary>True where a call goes on on the thread that wrote its record.</summary>
    public bool IsInline { get; init; }

    private static IAuditTransport Unsupported(AuditSinkOptions sink) =>
        throw new InvalidOperationException($"This program was built without audit sinks of the kind {sink.Kind}.");
}
