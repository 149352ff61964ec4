namespace Gateway.Admin.Records;

/// <summary>How the audit log stands.</summary>
/// <param name="Fault">Why it cannot be written, which denies calls; null while it can.</param>
/// <param name="Queued">Records that wait for the writer.</param>
/// <param name="QueueMax">As many may wait.</param>
/// <param name="Lost">Records of this process that could not be written.</param>
/// <param name="FreeBytes">Room on its volume; null where that cannot be told.</param>
internal sealed record AuditStateView(string? Fault, int Queued, int QueueMax, long Lost, long? FreeBytes)
{
    /// <summary>Bytes of the files that are no longer written.</summary>
    public required long KeptBytes { get; init; }

    /// <summary>The most bytes that the log takes.</summary>
    public required long BytesMax { get; init; }

    /// <summary>When the oldest file that is kept was last written; null while there is only the current one.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Files that this process deleted before their age, for want of room.</summary>
    public required long DroppedFiles { get; init; }

    /// <summary>The sinks beside the file; null where there is none.</summary>
    public IReadOnlyList<AuditSinkView>? Sinks { get; init; }

    /// <summary>Refusals of this process that stand in counted records only.</summary>
    public required long Folded { get; init; }
}
