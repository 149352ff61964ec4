namespace Gateway.Audit.Records;

/// <summary>Searchable words of audit records.</summary>
public static class AuditWords
{
    /// <summary>Kinds of records.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "decision", "outcome", "approval", "change", "gap", "folded", "stream", "access", "event", "charge", "erasure",
    ];

    /// <summary>Outcomes of calls and of charges to budgets.</summary>
    public static IReadOnlyList<string> Outcomes { get; } =
        ["allowed", .. Enum.GetValues<RefusalCategory>().Select(RefusalJson.Name).Distinct(), ChargeRecord.Returned];
}
