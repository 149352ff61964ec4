namespace Gateway.Audit.Writing;

/// <summary>
/// One line on its way to the audit file, by where it ends in its queue; <see cref="Written"/> is null where nobody
/// waits for it.
/// </summary>
internal readonly record struct AuditEntry(int End, TaskCompletionSource<bool>? Written);
