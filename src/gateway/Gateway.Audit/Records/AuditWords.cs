namespace Gateway.Audit.Records;

/// <summary>The words of audit records that can be searched for.</summary>
public static class AuditWords
{
    /// <summary>What a record is of.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["decision", "outcome", "approval", "change", "gap", "folded", "stream", "access", "event", "charge"];

    /// <summary>What was decided on a call, or on a charge of a budget.</summary>
    public static IReadOnlyList<string> Outcomes { get; } =
        ["allowed", .. Enum.GetValues<RefusalCategory>().Select(RefusalJson.Name).Distinct(), ChargeRecord.Returned];
}
