using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.SignIn;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.SignIn;

/// <summary>The result of a sign-in.</summary>
/// <param name="Who">The operator.</param>
/// <param name="Key">The key, in this response only, if one was requested; else the response has a cookie.</param>
internal sealed record SignedIn(WhoView Who, string? Key = null);

/// <summary>Opens the session of a browser that has proved who it is.</summary>
internal sealed class SessionOpener(SessionStore sessions, SessionAntiforgery antiforgery, AccessLog access)
{
    /// <summary>Opens and records a session. Returns the response with its cookie.</summary>
    public async Task<AdminResponse> OpenAsync(AdminCall call, OperatorAccount account, string action = "sign-in")
    {
        var session = await sessions.OpenAsync(call.Http, account, call.From);
        var caller = new AdminCaller(account.Name, account.Roles, account) { Session = session };
        await access.NoteAsync(call.As(caller), action, SignInRecord.SignedIn);
        return Created(
            new SignedIn(WhoViews.Of(caller, SessionStore.EndOf(session), antiforgery.Issue(call.Http, session))));
    }

    /// <summary>Returns the response to a sign-in.</summary>
    public static AdminResponse Created(SignedIn signed) =>
        AdminResponse.Ok(signed, SignInJson.Default.SignedIn) with { Status = StatusCodes.Status201Created };
}
