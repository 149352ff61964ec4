using Gateway.Admin.Identity.Operators;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// Finds the operator whose browser sent a request, by its session or by the trusted proxy, and checks that a page of
/// the gateway made it.
/// </summary>
public sealed class CallerSessions(
    SessionStore sessions, SessionAntiforgery antiforgery, ProxySignIn proxy, OperatorStore operators)
{
    /// <summary>Returns a null caller if the request has no session cookie, or if the session has ended.</summary>
    public async ValueTask<(AdminCaller? Caller, CallerProblem Problem)> FindAsync(HttpContext http)
    {
        if (proxy.IsClaimed(http.Request))
        {
            if (proxy.Find(http) is not { } named)
                return (null, CallerProblem.NotTheProxy);
            var caller = new AdminCaller(named.Name, named.Roles, named)
            {
                IsProxied = true,
                Delegations = operators.DelegationsTo(named),
            };
            return await antiforgery.IsValidAsync(http, caller)
                ? (caller, CallerProblem.None)
                : (null, CallerProblem.Forged);
        }

        if (sessions.Find(http.Request) is not { } session)
            return (null, CallerProblem.None);
        if (!await antiforgery.IsValidAsync(http, session))
            return (null, CallerProblem.Forged);
        sessions.Saw(session);
        return (
            new AdminCaller(session.Owner.Name, session.Owner.Roles, session.Owner)
            {
                Session = session,
                Delegations = operators.DelegationsTo(session.Owner),
            },
            CallerProblem.None);
    }
}

/// <summary>The reason why a browser's request is refused regardless of its credentials.</summary>
public enum CallerProblem
{
    /// <summary>There is no problem.</summary>
    None,

    /// <summary>The request does not come from a page of the gateway.</summary>
    Forged,

    /// <summary>The request has the proxy's header, but is not from the proxy or names no active operator.</summary>
    NotTheProxy,
}
