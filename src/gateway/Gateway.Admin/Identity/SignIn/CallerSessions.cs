using Gateway.Admin.Identity.Operators;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// Finds whose browser sent a request, by its session or by the proxy before us, and whether a page of ours made it.
/// </summary>
public sealed class CallerSessions(SessionStore sessions, SessionAntiforgery antiforgery, ProxySignIn proxy)
{
    /// <summary>Null where the request has no session's cookie, or one of a session that is over.</summary>
    public async ValueTask<(Caller? Caller, CallerProblem Problem)> FindAsync(HttpContext http)
    {
        if (proxy.IsClaimed(http.Request))
        {
            if (proxy.Find(http) is not { } named)
                return (null, CallerProblem.NotTheProxy);
            var caller = new Caller(named.Name, named.Roles, named) { IsProxied = true };
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
            new Caller(session.Owner.Name, session.Owner.Roles, session.Owner) { Session = session },
            CallerProblem.None);
    }
}
