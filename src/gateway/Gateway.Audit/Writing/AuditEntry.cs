namespace Gateway.Audit.Writing;

/// <summary>One line on its way to the audit file; <see cref="Written"/> is null where nobody waits for it.</summary>
internal readonly record struct AuditEntry(byte[] Line, TaskCompletionSource<bool>? Written);
