namespace Gateway.Admin.Records;

/// <summary>The state of a sink of the audit log.</summary>
/// <param name="Name">The name of the sink.</param>
/// <param name="LagBytes">Bytes of records that it does not have yet.</param>
/// <param name="Shipped">Records that it accepted from this process.</param>
/// <param name="LostBytes">Bytes of records that were deleted before it received them.</param>
/// <param name="Problem">The reason why the last attempt failed; null if it did not.</param>
/// <param name="Rejected">Records of this process that it rejected permanently.</param>
internal sealed record AuditSinkView(
    string Name, long LagBytes, long Shipped, long LostBytes, string? Problem, long Rejected);
