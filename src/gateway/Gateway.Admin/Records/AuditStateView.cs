namespace Gateway.Admin.Records;

/// <summary>The state of the audit log.</summary>
/// <param name="Fault">The reason why it cannot be written, which denies calls; null while it can.</param>
/// <param name="Queued">The number of records that wait to be written.</param>
/// <param name="QueueMax">The capacity of the queue.</param>
/// <param name="Lost">Records of this process that could not be written.</param>
/// <param name="FreeBytes">The free space on its volume; null if unknown.</param>
internal sealed record AuditStateView(string? Fault, int Queued, int QueueMax, long Lost, long? FreeBytes)
{
    /// <summary>The size of its volume in bytes; null if unknown.</summary>
    public long? VolumeBytes { get; init; }

    /// <summary>Bytes of the files that are no longer written to.</summary>
    public required long KeptBytes { get; init; }

    /// <summary>The maximum size of the log in bytes.</summary>
    public required long BytesMax { get; init; }

    /// <summary>The last write to the oldest file; null while there is only the current one.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Files that this process deleted before their retention time for lack of space.</summary>
    public required long DroppedFiles { get; init; }

    /// <summary>The sinks besides the file; null if there are none.</summary>
    public IReadOnlyList<AuditSinkView>? Sinks { get; init; }

    /// <summary>Refusals of this process that only aggregate records contain.</summary>
    public required long Folded { get; init; }
}

/// <summary>The state of a sink of the audit log.</summary>
/// <param name="Name">The name of the sink.</param>
/// <param name="LagBytes">Bytes of records that it does not have yet.</param>
/// <param name="Shipped">Records that it accepted from this process.</param>
/// <param name="LostBytes">Bytes of records that were deleted before it received them.</param>
/// <param name="Problem">The reason why the last attempt failed; null if it did not.</param>
/// <param name="Rejected">Records of this process that it rejected permanently.</param>
internal sealed record AuditSinkView(
    string Name, long LagBytes, long Shipped, long LostBytes, string? Problem, long Rejected);
