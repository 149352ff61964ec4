namespace Gateway.Audit.Writing;

/// <summary>
/// A queued line of the audit file, identified by its end in the queue; <see cref="Written"/> is null if nothing waits
/// for it.
/// </summary>
internal readonly record struct AuditEntry(int End, TaskCompletionSource<bool>? Written);
