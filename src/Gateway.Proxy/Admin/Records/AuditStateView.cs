namespace Gateway.Proxy.Admin.Records;

/// <summary>How the audit log stands.</summary>
/// <param name="Fault">Why it cannot be written, which denies calls; null while it can.</param>
/// <param name="Queued">Records that wait for the writer.</param>
/// <param name="QueueMax">As many may wait.</param>
/// <param name="Lost">Records of this process that could not be written.</param>
/// <param name="FreeBytes">Room on its volume; null where that cannot be told.</param>
internal sealed record AuditStateView(string? Fault, int Queued, int QueueMax, long Lost, long? FreeBytes);
