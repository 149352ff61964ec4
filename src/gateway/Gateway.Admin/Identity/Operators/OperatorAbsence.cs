using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Identity.Operators;

/// <summary>An operator's absence, with the account that decides on requests for approval during it.</summary>
/// <param name="Owner">The absent operator.</param>
/// <param name="Stored">The stored document.</param>
/// <param name="Version">The version of the document.</param>
/// <param name="Delegate">The delegate; null if none is named, or if the named account does not exist any more.</param>
public sealed record OperatorAbsence(
    OperatorAccount Owner, AbsenceDocument Stored, long Version, OperatorAccount? Delegate)
{
    /// <summary>Returns true if it is in effect at this instant.</summary>
    public bool IsInEffect(long nowMs) => nowMs >= Stored.From.ToUnixTimeMilliseconds() && !HasEnded(nowMs);

    /// <summary>Returns true if it is over at this instant.</summary>
    public bool HasEnded(long nowMs) => nowMs >= Stored.Until.ToUnixTimeMilliseconds();

    /// <summary>
    /// Returns true if the delegate decides on requests for this server, or for some server if it is null. The absent
    /// account's own roles decide, so a right from another delegation is not passed on.
    /// </summary>
    public bool Delegates(string? server, long nowMs) =>
        IsInEffect(nowMs) && !Owner.IsDisabled && Delegate is { } account && MayBeDelegate(account)
        && (server is null
            ? Owner.Roles.AllowsSomewhere(Permissions.AnswerApprovals)
            : Owner.Roles.Allows(Permissions.AnswerApprovals, server));

    /// <summary>Returns true if the account may decide for others: it is enabled and belongs to a person.</summary>
    public static bool MayBeDelegate(OperatorAccount account) => !account.IsDisabled && !account.Roles.IsOfProgram;
}
