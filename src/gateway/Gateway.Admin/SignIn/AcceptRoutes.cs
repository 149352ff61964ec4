using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Guessing;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.Providers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Operators;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.SignIn;

/// <summary>
/// <c>/session/invitation</c>: accepts an invitation. The code comes in bodies only, so no log and no Referer contains
/// it. Only an acceptance uses the link; opening it does not.
/// </summary>
internal sealed class AcceptRoutes(
    InvitedAccounts accounts, PasskeyRegistration registration, ProviderSignIn providers,
    OperatorStore operators, SnapshotUpdater control, InvitationGuard guard) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/session/invitation", ShowAsync).Requires(Permissions.None)
            .WithSummary("Shows the invitation in a link, without using it.")
            .Takes(static () => SignInJson.Default.InvitationCode).Produces<InvitationOffer>();
        api.MapPost("/session/invitation/passkey", StartPasskeyAsync).Requires(Permissions.None)
            .WithSummary("Begins the creation of a passkey for an invited person: returns options of "
                + "navigator.credentials.create.")
            .Takes(static () => SignInJson.Default.InvitationCode).Produces<JsonElement>();
        api.MapPost("/session/invitation/provider", StartProviderAsync).Requires(Permissions.None)
            .WithSummary("Begins a sign-in with a provider; when the sign-in ends, the invitation is accepted.")
            .Takes(static () => SignInJson.Default.InvitationProvider).Produces<ProviderStart>();
        api.MapPost("/session/invitation/accept", AcceptAsync).Requires(Permissions.None)
            .WithSummary("Accepts an invitation: creates the account and signs in. Works once.")
            .Takes(static () => SignInJson.Default.InvitationAnswer).Produces<SignedIn>(201);
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        var (_, one, refused) = await guard.OpenAsync(
            call, SignInJson.Default.InvitationCode, static input => input.Code);
        if (one is null)
            return refused!;
        var by = operators.Current.Accounts.GetValueOrDefault(one.Stored.By)?.DisplayName;
        return AdminResponse.Ok(
            new InvitationOffer(
                one.Name, one.Stored.DisplayName, one.Roles.Texts,
                one.Stored.ById is null ? "An administrator" : by ?? one.Stored.By, one.Stored.Expires,
                PasskeyRoutes.Place(call).IsName, ProviderRoutes.WaysOf(providers)),
            SignInJson.Default.InvitationOffer);
    }

    private async Task<AdminResponse> StartPasskeyAsync(AdminCall call)
    {
        var (_, one, refused) = await guard.OpenAsync(
            call, SignInJson.Default.InvitationCode, static input => input.Code);
        if (one is null)
            return refused!;
        var (options, problem) = await registration.StartAsync(
            call.Http, PasskeyRoutes.Place(call), InvitedAccounts.SessionOf(one));
        return options is null
            ? Problems.Of(StatusCodes.Status409Conflict, "No passkey", problem!)
            : new AdminResponse(StatusCodes.Status200OK, Encoding.UTF8.GetBytes(options));
    }

    private async Task<AdminResponse> StartProviderAsync(AdminCall call)
    {
        var (input, one, refused) = await guard.OpenAsync(
            call, SignInJson.Default.InvitationProvider, static input => input.Code);
        if (one is null)
            return refused!;
        var (location, problem) = await providers.StartAsync(
            call.Http, ProviderRoutes.VisitOf(call, input!.Provider), "/console/", one.Stored.TokenHash);
        return location is null
            ? Problems.Of(problem!.Status, problem.Title, problem.Text)
            : AdminResponse.Ok(new ProviderStart(location), SignInJson.Default.ProviderStart);
    }

    private async Task<AdminResponse> AcceptAsync(AdminCall call)
    {
        var (input, unreadable) = await InvitationGuard.ReadAsync(call, SignInJson.Default.InvitationAnswer);
        if (input is null)
            return unreadable!;
        if (input.Password is null == input.Passkey is null)
            return Problems.Invalid("Send either a password or a passkey.");
        // A withdrawal at another gateway applies from here on.
        await control.RefreshAsync(call.Aborted);
        var (one, refused) = await guard.FindAsync(call, input.Code);
        return one is null ? refused! : await accounts.AcceptAsync(call, one, input);
    }
}

/// <summary>The checks that precede every use of an invitation's code.</summary>
internal sealed class InvitationGuard(
    Invitations invitations, SnapshotUpdater control, KeyGuesses guesses, SignInRecord record)
{
    /// <summary>The refusal of every link that does not work. It does not reveal the reason.</summary>
    public static AdminResponse NotValid => Problems.Of(
        StatusCodes.Status403Forbidden, "This link does not work",
        "An invitation works once, until it expires or is withdrawn. Ask the person who sent it for a new one.");

    /// <summary>Reads a body that contains a code, unless the network could read it too.</summary>
    public static async ValueTask<(T? Value, AdminResponse? Problem)> ReadAsync<T>(
        AdminCall call, JsonTypeInfo<T> type)
        where T : class =>
        SignInRoutes.RefusePlainHttp(call) is { } plain ? (null, plain) : await call.ReadAsync(type);

    /// <summary>Reads a body and returns it with the invitation of its code, or the refusal.</summary>
    public async Task<(T? Input, Invitation? One, AdminResponse? Refused)> OpenAsync<T>(
        AdminCall call, JsonTypeInfo<T> type, Func<T, string> codeOf)
        where T : class
    {
        var (input, unreadable) = await ReadAsync(call, type);
        if (input is null)
            return (null, null, unreadable);
        var (one, refused) = await FindAsync(call, codeOf(input));
        return (input, one, refused);
    }

    /// <summary>Returns the invitation, or the refusal of a code that does not work or came too soon.</summary>
    public async Task<(Invitation? One, AdminResponse? Refused)> FindAsync(AdminCall call, string code)
    {
        var hash = TokenHash.Of(code);
        var found = invitations.Find(hash);
        if (found is null)
        {
            // Another gateway may have created it a moment ago.
            await control.RefreshAsync(call.Aborted);
            found = invitations.Find(hash);
        }

        // A person who opens a used link again guesses nothing.
        var held = found is null && invitations.HasEnded(hash)
            ? guesses.Held(call.Address) : guesses.Try(call.Address, found is not null);
        if (held > TimeSpan.Zero)
        {
            return (null, Problems.TooMany(call.Http, held, "Too many wrong links",
                static seconds => "Several wrong links or keys came from your address, so links and keys from there "
                    + $"are not checked for {seconds} s. Wait, then try again."));
        }

        if (found is not null)
            return (found, null);
        await record.RefusedAsync(call.Http, "invitation");
        return (null, NotValid);
    }
}
