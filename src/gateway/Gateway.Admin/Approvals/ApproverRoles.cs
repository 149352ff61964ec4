using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Admin.Approvals;

/// <summary>Who may approve, by the accounts of operators as they are now.</summary>
internal sealed class ApproverRoles(OperatorStore operators) : IApprovers
{
    // The key that is nobody's may, as long as there is a gateway.
    public bool MayAnswer(StandingMaker maker, string server) => maker.Account is not { } name
        || (operators.Current.Accounts.TryGetValue(name, out var account) && account.Id == maker.AccountId
            && !account.IsDisabled && account.Roles.Allows(Permissions.AnswerApprovals, server));
}
