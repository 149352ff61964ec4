using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.SignIn;

/// <summary><c>/session</c>, <c>/sessions</c>: shows and closes the sessions of signed-in operators.</summary>
internal sealed class SessionRoutes(
    SessionStore sessions, SessionAntiforgery antiforgery, OperatorStore operators, AccessLog access) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/session", Show).Requires(Permissions.Self)
            .WithSummary("Shows who you are.").Produces<WhoView>();
        api.MapDelete("/session", SignOutAsync).Requires(Permissions.Self)
            .WithSummary("Signs out.").Produces(204);
        api.MapGet("/sessions", ListAsync).Requires(Permissions.Self)
            .WithSummary("Lists your signed-in browsers; administrators see everybody's.")
            .Produces<PageView<SessionView>>().WithQuery(("operator", "Only sessions of this operator."));
        api.MapDelete("/sessions/{name}", RevokeAsync).Requires(Permissions.Self)
            .WithSummary("Signs a browser out.").Produces(204);
    }

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
                "The request was made without a session. Revoke the key instead, or sign out at the proxy.");
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
