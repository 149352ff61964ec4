using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Records;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Admin.Identity.Operators;

/// <summary>The right of an operator to decide on requests for approval of one server.</summary>
public sealed class ApprovalRight
{
    private readonly OperatorAccount? _account;
    private readonly IReadOnlyList<AbsentApprover>? _absent;

    private ApprovalRight(OperatorAccount? account, IReadOnlyList<AbsentApprover>? absent) =>
        (_account, _absent) = (account, absent);

    /// <summary>Returns the right, own or as a delegate; null if there is none.</summary>
    /// <param name="account">The operator's account; null for the administrator's key.</param>
    /// <param name="roles">The roles that the credential gives.</param>
    /// <param name="limit">The roles that the credential is restricted to; null for all of the account's.</param>
    /// <param name="delegations">The absences in which the account is the delegate.</param>
    /// <param name="server">The server of the request.</param>
    public static ApprovalRight? Of(
        OperatorAccount? account, RoleSet roles, RoleSet? limit, IReadOnlyList<OperatorAbsence> delegations,
        string server)
    {
        if (roles.Allows(Permissions.AnswerApprovals, server))
            return new(account, null);
        // A restricted credential is not extended by a delegation.
        if (account is null || limit?.Allows(Permissions.AnswerApprovals, server) == false)
            return null;
        List<AbsentApprover> absent =
        [
            .. delegations.Where(one => one.Owner.Roles.Allows(Permissions.AnswerApprovals, server))
                .Select(static one => new AbsentApprover(one.Owner.Name, one.Owner.Id)),
        ];
        return absent.Count > 0 ? new(account, absent) : null;
    }

    /// <summary>Returns the approver that decides with this right.</summary>
    /// <param name="actor">The identity that the record names.</param>
    public Approver ApproverOf(Actor actor) =>
        new(actor, _account?.Name) { AccountId = _account?.Id, Absent = _absent };
}
