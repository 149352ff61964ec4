using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Admin.Approvals;

/// <summary>The right to approve, according to the operators' current accounts.</summary>
internal sealed class ApproverRoles(OperatorStore operators) : IApprovers
{
    // The administrator's key belongs to no account and may approve as long as there is a gateway.
    public bool MayAnswer(StandingMaker maker, string server) => maker.Account is not { } name
        || (operators.Current.Accounts.TryGetValue(name, out var account) && account.Id == maker.AccountId
            && !account.IsDisabled && account.Roles.Allows(Permissions.AnswerApprovals, server));
}
