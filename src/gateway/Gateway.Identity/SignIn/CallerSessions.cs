using Gateway.Identity.Operators;
using Microsoft.AspNetCore.Http;

namespace Gateway.Identity.SignIn;

/// <summary>Finds whose browser sent a request, and whether a page of ours made it.</summary>
public sealed class CallerSessions(SessionStore sessions, SessionAntiforgery antiforgery)
{
    /// <summary>Null where the request has no session's cookie, or one of a session that is over.</summary>
    public async ValueTask<(Caller? Caller, bool IsForged)> FindAsync(HttpContext http)
    {
        if (sessions.Find(http.Request) is not { } session)
            return (null, false);
        if (!await antiforgery.IsValidAsync(http, session))
            return (null, true);
        sessions.Saw(session);
        return (new Caller(session.Owner.Name, session.Owner.Roles, session.Owner) { Session = session }, false);
    }
}
