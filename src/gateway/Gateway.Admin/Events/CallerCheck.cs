using Gateway.Admin.Identity.Operators;
using Gateway.Limits.Model;

namespace Gateway.Admin.Events;

/// <summary>Checks that a caller would still be admitted with the same roles.</summary>
internal sealed class CallerCheck(OperatorStore operators, ProcessClock clock)
{
    public bool IsStill(AdminCaller caller)
    {
        if (caller.Account is not { } account)
            return true;
        var now = operators.Current;
        return now.Accounts.GetValueOrDefault(account.Name)?.Version == account.Version
            && (caller.Session is not { } session || now.Sessions.ContainsKey(session.Id))
            && (caller.Key is not { } key || now.Keys.GetValueOrDefault(key.Hash)?.IsGood(clock.NowMs()) == true);
    }
}
