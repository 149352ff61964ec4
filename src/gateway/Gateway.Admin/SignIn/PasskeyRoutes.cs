using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.SignIn;

/// <summary>
/// Routes for operators' passkeys. Operators add their own in a browser; administrators can remove those of others.
/// </summary>
internal sealed class PasskeyRoutes(
    PasskeyRegistration registration, OperatorStore operators, SessionStore sessions, ControlChanges changes)
    : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session/passkeys/options", StartAsync).Requires(Permissions.Self)
            .WithSummary("Begins the creation of a passkey: returns the options of navigator.credentials.create. "
                + "Requires a browser's session.").Produces<JsonElement>();
        api.MapPost("/session/passkeys", AddAsync).Requires(Permissions.Self)
            .WithSummary("Adds the passkey that the browser created.")
            .Takes(static () => SignInJson.Default.PasskeyInput).Produces<PasskeyView>(201);
        api.MapGet("/operators/{name}/passkeys", ListAsync).Requires(Permissions.Self)
            .WithSummary("Lists your passkeys; administrators can list the passkeys of others.")
            .Produces<PageView<PasskeyView>>();
        api.MapDelete("/operators/{name}/passkeys/{passkey}", RemoveAsync).Requires(Permissions.Self)
            .WithSummary("Removes a passkey and signs out the operator's other browsers.")
            .Produces(204);
    }

    /// <summary>Returns the address that this browser uses.</summary>
    public static PasskeyPlace Place(AdminCall call) => PasskeyPlace.At(
        SessionRealm.Operators,
        call.State.Config.AdminUrl
            // An invalid address has no host name, and gets no passkey.
            ?? (Uri.TryCreate($"{call.Request.Scheme}://{call.Request.Host}", UriKind.Absolute, out var address)
                ? address : new Uri("http://0.0.0.0")),
        call.State.Config.PasskeyDomain);

    private async Task<AdminResponse> StartAsync(AdminCall call)
    {
        if (call.Caller.Session is not { } session)
            return NoBrowser;
        var (options, problem) = await registration.StartAsync(call.Http, Place(call), session);
        return options is null
            ? Problems.Of(StatusCodes.Status409Conflict, "No passkey", problem!)
            : new AdminResponse(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(options));
    }

    private async Task<AdminResponse> AddAsync(AdminCall call)
    {
        if (call.Caller.Session is not { } session)
            return NoBrowser;
        var (input, unreadable) = await call.ReadAsync(SignInJson.Default.PasskeyInput);
        if (input is null)
            return unreadable!;
        var key = KeyOf(session.Owner.Name);
        var old = operators.Current.Passkeys.GetValueOrDefault(session.Owner.Name);
        var stored = call.State.Documents.Find(key);
        if (old is null && operators.Current.Unreadable.Any(one => one.Key == key))
        {
            return Problems.Of(StatusCodes.Status409Conflict, "Not readable",
                "Your passkeys in the store cannot be read: restore them from a backup, or remove them first.");
        }

        var (next, problem) = await registration.FinishAsync(
            call.Http, Place(call), session, old, input.Name, input.Credential.GetRawText());
        if (next is null)
            return Problems.Invalid(problem!);
        var added = PasskeyView.Of(session.Owner.Name, next.Passkeys[^1]);
        // Passkeys of an earlier account of that name are replaced, because they are no longer valid.
        var (_, refused) = await changes.MakeAsync(call, new DocumentChange(
            $"add passkey {added.Name}", key, old?.Version ?? stored?.Version ?? 0,
            ControlJsonContext.Write(next, ControlJsonContext.Default.PasskeysDocument), null, Json(added)));
        return refused ?? AdminResponse.Ok(added, SignInJson.Default.PasskeyView) with
        {
            Status = StatusCodes.Status201Created,
            Location = $"{AdminRoute.Root}/operators/{added.Operator}/passkeys/{added.Name}",
        };
    }

    private Task<AdminResponse> ListAsync(AdminCall call) => Task.FromResult(
        Owner(call, out var refused) is { } owner
            ? AdminResponse.Ok(
                Pages.Cut(
                    call.Request, Of(owner).Select(one => PasskeyView.Of(owner.Name, one)), static view => view.Name),
                SignInJson.Default.PageViewPasskeyView)
            : refused!);

    private async Task<AdminResponse> RemoveAsync(AdminCall call)
    {
        if (Owner(call, out var refused) is not { } owner)
            return refused!;
        var wanted = call.Value("passkey");
        if (Of(owner).FirstOrDefault(one => one.Name == wanted) is not { } found)
            return Problems.NotFound("passkey", wanted, Of(owner).Select(static one => one.Name));
        var old = operators.Current.Passkeys[owner.Name];
        var next = old.Stored with { Passkeys = [.. old.Stored.Passkeys.Where(one => one.Name != wanted)] };
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            $"remove passkey {wanted}", KeyOf(owner.Name), old.Version,
            ControlJsonContext.Write(next, ControlJsonContext.Default.PasskeysDocument),
            Json(PasskeyView.Of(owner.Name, found)), null));
        if (problem is not null)
            return problem;
        // A passkey is often removed because a device was lost, so all other sessions of the operator are closed.
        await sessions.CloseAsync(operators.Current.Sessions.Values.Where(session =>
            session.Owner.Name == owner.Name && session.Id != call.Caller.Session?.Id));
        return AdminResponse.NoContent;
    }

    private IReadOnlyList<PasskeyDocument> Of(OperatorAccount owner) =>
        operators.Current.Passkeys.GetValueOrDefault(owner.Name)?.Stored.Passkeys ?? [];

    private OperatorAccount? Owner(AdminCall call, out AdminResponse? refused) =>
        call.Owner(operators, "see and remove the passkeys", out refused);

    /// <summary>
    /// The refusal of a caller without a browser's session. A key may have fewer roles than its owner, while a passkey
    /// has all of them.
    /// </summary>
    private static AdminResponse NoBrowser => Problems.Of(
        StatusCodes.Status403Forbidden, "Not from a browser's session",
        "Sign in to the console, and add the passkey there.");

    private static ControlKey KeyOf(string name) => new(ControlKinds.Passkeys, name);

    private static byte[] Json(PasskeyView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view, SignInJson.Default.PasskeyView);
}
