using Gateway.Admin.Identity.Operators;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>Finds the caller that sent a bearer key: an operator, or the administrator.</summary>
public sealed class CallerKeys(SnapshotUpdater control, OperatorStore operators, ProcessClock clock)
{
    private const string Scheme = "Bearer ";

    /// <summary>Returns null if the request has no key, or if its key is not valid.</summary>
    public AdminCaller? Find(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } text]
            || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // Hashes are compared, so the duration of the comparison reveals nothing about the key.
        var hash = TokenHash.Of(text.AsSpan(Scheme.Length).Trim(' '));
        if (control.State.AdminKey is { } admin && hash == admin)
            return AdminCaller.BreakGlass;
        return operators.Current.Keys.TryGetValue(hash, out var key) && key.IsGood(clock.NowMs())
            ? new AdminCaller(key.Owner.Name, key.Roles, key.Owner)
            {
                Key = key,
                Delegations = operators.DelegationsTo(key.Owner),
            }
            : null;
    }
}
