using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Gateway.Audit.Evidence;
using Gateway.Audit.Files;
using Gateway.Audit.Shipping;
using Microsoft.Extensions.Options;

namespace Gateway.Audit.Writing;

/// <summary>Options of the audit log.</summary>
[UnconditionalSuppressMessage(
    "Trimming", "IL2026", Justification = "The ranges are read by a generated validator, which converts no types.")]
public sealed record AuditLogOptions
{
    /// <summary>Directory of the files; created if absent.</summary>
    public string Directory { get; init; } = "audit";

    /// <summary>Maximum number of queued records; at the bound calls wait, then are denied.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; init; } = 8192;

    /// <summary>Time that a call waits for room in the queue before it is denied.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Size in bytes at which a new file is started.</summary>
    [Range(4096, 1L << 40)]
    public long FileBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Retention of closed files.</summary>
    public AuditRetention Retention { get; init; } = new();

    /// <summary>Further destinations of the records.</summary>
    [ValidateEnumeratedItems]
    public IReadOnlyList<AuditSinkOptions> Sinks { get; init; } = [];

    /// <summary>Opens the transport of a sink.</summary>
    public Func<AuditSinkOptions, IAuditTransport> OpenSink { get; init; } = Unsupported;

    /// <summary>Options of the log's evidence.</summary>
    [ValidateObjectMembers]
    public EvidenceOptions Evidence { get; init; } = new();

    /// <summary>True if records contain keyed digests of callers' subjects instead of the subjects.</summary>
    public bool HashesSubjects { get; init; }

    /// <summary>True if a record must survive a loss of power before its call continues.</summary>
    public bool FlushToDisk { get; init; }

    /// <summary>True if a call continues on the thread that wrote its record.</summary>
    public bool IsInline { get; init; }

    private static IAuditTransport Unsupported(AuditSinkOptions sink) =>
        throw new InvalidOperationException($"This program was built without support for {sink.Kind} audit sinks.");
}
