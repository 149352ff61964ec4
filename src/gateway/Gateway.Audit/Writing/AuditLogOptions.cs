using Gateway.Audit.Files;

namespace Gateway.Audit.Writing;

/// <summary>How the audit log is written.</summary>
public sealed record AuditLogOptions
{
    /// <summary>The directory of its files; made if absent.</summary>
    public required string Directory { get; init; }

    /// <summary>Records that may wait for the writer; at the bound calls wait, then are denied.</summary>
    public int QueueMax { get; init; } = 8192;

    /// <summary>How long a call waits for room in the queue before it is denied.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Size in bytes at which it starts a new file.</summary>
    public long FileBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>How much of it is kept.</summary>
    public AuditRetention Retention { get; init; } = new();

    /// <summary>True where a record must survive power loss before its call goes on.</summary>
    public bool FlushToDisk { get; init; }

    /// <summary>True where a call goes on on the thread that wrote its record.</summary>
    public bool IsInline { get; init; }
}
