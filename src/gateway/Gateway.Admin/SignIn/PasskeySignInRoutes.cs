using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.SignIn;

/// <summary>Routes that sign in with a passkey.</summary>
internal sealed class PasskeySignInRoutes(
    PasskeySignIn passkeys, SessionOpener sessions, SignInRecord record) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session/passkey/options", StartAsync).Requires(Permissions.None)
            .WithSummary("Begins a sign-in with a passkey: returns the options of navigator.credentials.get.")
            .Produces<JsonElement>();
        api.MapPost("/session/passkey", FinishAsync).Requires(Permissions.None)
            .WithSummary("Signs in with a passkey: sets a session cookie.")
            .Takes(static () => SignInJson.Default.PasskeyAnswer).Produces<SignedIn>(201);
    }

    private async Task<AdminResponse> StartAsync(AdminCall call)
    {
        if (SignInRoutes.RefusePlainHttp(call) is { } plain)
            return plain;
        var options = await passkeys.StartAsync(call.Http, PasskeyRoutes.Place(call));
        return new AdminResponse(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(options));
    }

    private async Task<AdminResponse> FinishAsync(AdminCall call)
    {
        if (SignInRoutes.RefusePlainHttp(call) is { } plain)
            return plain;
        var (input, unreadable) = await call.ReadAsync(SignInJson.Default.PasskeyAnswer);
        if (input is null)
            return unreadable!;
        var account = await passkeys.FinishAsync(
            call.Http, PasskeyRoutes.Place(call), input.Credential.GetRawText());
        if (account is null)
        {
            await record.RefusedAsync(call.Http, "sign-in with a passkey");
            return Problems.Of(StatusCodes.Status401Unauthorized, "Not signed in",
                "This passkey is not accepted: it may have been removed, its account disabled, or the sign-in took "
                    + "too long. Try again, or sign in another way; the gateway's log has the reason.");
        }

        return await sessions.OpenAsync(call, account, "sign-in with a passkey");
    }
}
