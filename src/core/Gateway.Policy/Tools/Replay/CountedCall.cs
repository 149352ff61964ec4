using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>The result of counting a call in a replay.</summary>
/// <param name="Permit">The permit of the call; missing if it was refused or only peeked.</param>
/// <param name="RefusedBy">The index of the cost that had no room; -1 if all had.</param>
/// <param name="Kind">The kind of refusal.</param>
/// <param name="Reason">The reason for the refusal.</param>
/// <param name="Uncertain">The reason why the result is uncertain; null if it is certain.</param>
internal readonly record struct CountedCall(
    Permit Permit, int RefusedBy, RefusalKind Kind, string Reason, string? Uncertain)
{
    public bool IsAdmitted => RefusedBy < 0;

    public static CountedCall Admitted(Permit permit, string? uncertain) => new(permit, -1, default, "", uncertain);
}
