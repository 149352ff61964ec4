namespace Gateway.Admin.Records;

/// <summary>How a sink of the audit log stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LagBytes">Bytes of records that it does not have yet.</param>
/// <param name="Shipped">Records that it took from this process.</param>
/// <param name="LostBytes">Bytes of records that were deleted before it had them.</param>
/// <param name="Problem">Why the last try failed; null where it did not.</param>
/// <param name="Rejected">Records of this process that it said it will never take.</param>
internal sealed record AuditSinkView(
    string Name, long LagBytes, long Shipped, long LostBytes, string? Problem, long Rejected);
