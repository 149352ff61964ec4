using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.SignIn;

/// <summary><c>/session</c>, <c>/sessions</c>: who is signed in, and where.</summary>
internal sealed class SessionRoutes(
    SessionStore sessions, SessionAntiforgery antiforgery, OperatorStore operators, AccessLog access)
{
    /// <summary>Every operation on sessions.</summary>
    public IEnumerable<AdminRoute> All =>
    [
        new("GET", "/session", Permissions.Self, "Says who you are.", Show)
        {
            Gives = () => SignInJson.Default.WhoView,
        },
        new("DELETE", "/session", Permissions.Self, "Signs out.", SignOutAsync)
        {
            Status = StatusCodes.Status204NoContent,
        },
        new("GET", "/sessions", Permissions.Self, "Lists one's signed-in browsers; everybody's for administrators.",
            ListAsync)
        {
            Gives = () => SignInJson.Default.PageViewSessionView, Query = [("operator", "Only this operator's.")],
        },
        new("DELETE", "/sessions/{name}", Permissions.Self, "Signs a browser out.", RevokeAsync)
        {
            Status = StatusCodes.Status204NoContent,
        },
    ];

    private Task<AdminResponse> Show(AdminCall call)
    {
        var session = call.Caller.Session;
        return Task.FromResult(AdminResponse.Ok(
            session is null
                ? WhoViews.Of(
                    call.Caller, end: null, call.Caller.IsProxied ? antiforgery.Issue(call.Http, call.Caller) : null)
                : WhoViews.Of(call.Caller, SessionStore.EndOf(session), antiforgery.Issue(call.Http, session)),
            SignInJson.Default.WhoView));
    }

    private async Task<AdminResponse> SignOutAsync(AdminCall call)
    {
        if (call.Caller.Session is not { } session)
        {
            return Problems.Of(StatusCodes.Status409Conflict, "No session",
                "You came without a session: revoke the key, or forget it; a proxy signs out itself.");
        }

        await CloseAsync(call, session, "sign-out");
        SessionStore.Forget(call.Http);
        return AdminResponse.NoContent;
    }

    private Task<AdminResponse> ListAsync(AdminCall call)
    {
        var wanted = (string?)call.Request.Query["operator"];
        var views = Theirs(call)
            .Where(session => string.IsNullOrEmpty(wanted) || session.Owner.Name == wanted)
            .Select(session => new SessionView(
                session.Id, session.Owner.Name, session.Created, session.Seen, SessionStore.EndOf(session),
                session.From,
                session.Agent, session.Id == call.Caller.Session?.Id));
        return Task.FromResult(AdminResponse.Ok(
            Pages.Cut(call.Request, views, static view => view.Id), SignInJson.Default.PageViewSessionView));
    }

    private async Task<AdminResponse> RevokeAsync(AdminCall call)
    {
        if (Theirs(call).FirstOrDefault(session => session.Id == call.Name) is not { } found)
            return Problems.NotFound("session", call.Name);
        await CloseAsync(call, found, $"sign-out of {found.Owner.Name}");
        return AdminResponse.NoContent;
    }

    private async Task CloseAsync(AdminCall call, OperatorSession session, string action)
    {
        await access.NoteAsync(call, action);
        await sessions.CloseAsync([session]);
    }

    private IEnumerable<OperatorSession> Theirs(AdminCall call) => operators.Current.Sessions.Values
        .Where(session => !sessions.IsOver(session)
            && (session.Owner.Name == call.Caller.Account?.Name || call.May(Permissions.Administer, null)));
}
