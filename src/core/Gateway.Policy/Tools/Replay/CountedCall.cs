using Gateway.Limits.Model;

namespace Gateway.Policy.Tools.Replay;

/// <summary>What the counters of a replay say to a call.</summary>
/// <param name="Permit">What it has taken; missing where it was refused or only looked.</param>
/// <param name="RefusedBy">The cost that had no room; -1 where all had.</param>
/// <param name="Kind">How it was refused.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="Uncertain">Why that may not be so; null where it is.</param>
internal readonly record struct CountedCall(
    Permit Permit, int RefusedBy, RefusalKind Kind, string Reason, string? Uncertain)
{
    public bool IsAdmitted => RefusedBy < 0;

    public static CountedCall Admitted(Permit permit, string? uncertain) => new(permit, -1, default, "", uncertain);
}
