using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Admin.Approvals;

/// <summary>The right to approve, according to the operators' current accounts and absences.</summary>
public sealed class ApproverRoles(OperatorStore operators) : IApprovers
{
    /// <inheritdoc/>
    // The administrator's key belongs to no account and may approve as long as there is a gateway.
    public bool MayAnswer(StandingMaker maker, string server) => maker.Account is not { } name
        || (Find(name) is { } account && account.Id == maker.AccountId
            // What was approved as a delegate ends with the delegation, even if the delegate has its own right now.
            && (maker.For is { } absent
                ? operators.DelegationsTo(account).Any(one => one.Owner.Id == absent.AccountId
                    && one.Owner.Roles.Allows(Permissions.AnswerApprovals, server))
                : account.Roles.Allows(Permissions.AnswerApprovals, server)));

    /// <summary>Returns the enabled account of this name; null if there is none.</summary>
    public OperatorAccount? Find(string name) =>
        operators.Current.Accounts.GetValueOrDefault(name) is { IsDisabled: false } account ? account : null;

    /// <summary>
    /// Returns the right of an enabled account to decide on requests for a server, with all of its roles; null if there
    /// is none.
    /// </summary>
    public ApprovalRight? RightOf(OperatorAccount account, string server) =>
        ApprovalRight.Of(account, account.Roles, null, operators.DelegationsTo(account), server);
}
