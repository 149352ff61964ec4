namespace Gateway.Proxy.Audit;

/// <summary>One line on its way to the audit file; <see cref="Written"/> is null where nobody waits for it.</summary>
internal sealed record AuditEntry(byte[] Line, TaskCompletionSource<bool>? Written);
