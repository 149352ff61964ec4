using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Gateway.Admin.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.SignIn;

/// <summary>Routes that sign in with a password, and change the caller's own password.</summary>
internal sealed class SignInRoutes(
    PasswordGate gate, OperatorStore operators, SessionStore sessions, SessionOpener opener,
    KeyRoutes keys, ControlChanges changes, AccessLog access) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session", SignInAsync).Requires(Permissions.None)
            .WithSummary("Signs in with a password: sets a cookie, or creates the requested key.")
            .Takes(static () => SignInJson.Default.SignInInput).Produces<SignedIn>(201);
        api.MapPost("/session/password", ChangeAsync).Requires(Permissions.Self)
            .WithSummary("Changes your password, and signs out your other browsers.")
            .Takes(static () => SignInJson.Default.PasswordInput).Produces(204);
    }

    /// <summary>Returns true if nobody on the network can read the request.</summary>
    public static bool IsPrivate(AdminCall call) => call.Request.IsHttps || call.Source.IsLoopback;

    private async Task<AdminResponse> SignInAsync(AdminCall call)
    {
        if (RefusePlainHttp(call) is { } plain)
            return plain;
        var (input, unreadable) = await call.ReadAsync(SignInJson.Default.SignInInput);
        if (input is null)
            return unreadable!;
        var (account, refused) = await gate.CheckAsync(call, input.Name, input.Password);
        if (account is null)
            return refused!;
        var signed = call.As(new AdminCaller(account.Name, account.Roles, account));
        if (input.Key is { } wanted)
        {
            var (key, token, problem) = await keys.MakeAsync(signed, account, wanted, account.Roles, latest: null);
            if (key is null)
                return problem!;
            await access.NoteAsync(signed, "sign-in", SignInRecord.SignedIn);
            return SessionOpener.Created(new SignedIn(WhoViews.Of(
                new AdminCaller(account.Name, key.Roles, account) { Key = key }, end: null, csrf: null), token));
        }

        return await opener.OpenAsync(call, account);
    }

    /// <summary>Returns the refusal if a password would be readable on the network; null if it would not.</summary>
    public static AdminResponse? RefusePlainHttp(AdminCall call) =>
        IsPrivate(call)
            ? null
            : Problems.Of(StatusCodes.Status403Forbidden, "HTTPS required",
                "A password is accepted only over TLS, or from the gateway's machine. Serve the admin API as https:// "
                + "(--admin-tls-cert), or use a tunnel.");

    private async Task<AdminResponse> ChangeAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(SignInJson.Default.PasswordInput);
        if (input is null)
            return unreadable!;
        if (call.Caller.Account is not { } own)
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Nobody's password",
                "The administrator's key belongs to no operator. To set an operator's password, PUT the operator.");
        }

        var (account, refused) = await gate.CheckAsync(call, own.Name, input.Current);
        if (account is null)
            return refused!;
        if (Passwords.Problem(input.Password) is { } weak)
            return Problems.Invalid($"The password is not valid: {weak}.");
        var next = account.Stored with { PasswordHash = Passwords.Hash(input.Password) };
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "password", new ControlKey(ControlKinds.Operators, account.Name), account.Version,
            ControlJsonContext.Write(next, ControlJsonContext.Default.OperatorDocument), null,
            JsonSerializer.SerializeToUtf8Bytes("changed", SignInJson.Default.String)));
        if (problem is not null)
            return problem;
        await sessions.CloseAsync(operators.Current.Sessions.Values.Where(session =>
            session.Owner.Name == account.Name && session.Id != call.Caller.Session?.Id));
        return AdminResponse.NoContent;
    }
}
