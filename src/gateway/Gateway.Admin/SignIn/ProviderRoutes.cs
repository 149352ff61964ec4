using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Pages;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.Providers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Identity.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.SignIn;

/// <summary>
/// Routes that list the ways to sign in, and routes that sign in at an OpenID Connect provider. The browser itself
/// navigates to them.
/// </summary>
internal sealed class ProviderRoutes(
    ProviderSignIn providers, PasskeySignIn passkeys, InvitedAccounts invited, SessionStore sessions, AccessLog access,
    SignInRecord record)
    : IAdminRoutes
{
    private const string Below = "session/providers/";

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/session/ways", Ways).Requires(Permissions.None)
            .WithSummary("Lists the ways to sign in here.").Produces<WaysView>();
        api.MapGet("/session/providers/{name}", StartAsync).Requires(Permissions.None)
            .WithSummary("Sends a browser to a provider to sign in.").Produces(303)
            .WithQuery(("return", "The path to which the browser returns; / if omitted."));
        api.MapGet("/session/providers/{name}/callback", FinishAsync).Requires(Permissions.None)
            .WithSummary("Completes a sign-in with a provider: sets a session cookie and redirects.")
            .Produces(303)
            .WithQuery(
                ("code", "The provider's authorization code."), ("state", "The state that was sent to the provider."),
                ("iss", "The provider's issuer."), ("error", "The provider's error, if the sign-in failed."));
    }

    private Task<AdminResponse> Ways(AdminCall call) => Task.FromResult(AdminResponse.Ok(
        new WaysView(
            SignInRoutes.IsPrivate(call), passkeys.IsOffered(PasskeyRoutes.Place(call)),
            WaysOf(providers)),
        SignInJson.Default.WaysView));

    /// <summary>Returns the providers at which a browser can sign in.</summary>
    public static IReadOnlyList<ProviderWay> WaysOf(ProviderSignIn providers) =>
        [.. providers.All.Select(static one => new ProviderWay(one.Name, one.DisplayName, Below + one.Name))];

    private async Task<AdminResponse> StartAsync(AdminCall call)
    {
        if (Refused(call) is { } refused)
            return refused;
        var next = (string?)call.Request.Query["return"] is { Length: > 0 } wanted ? wanted : "/";
        if (!ProviderSignIn.IsOwnPath(next))
        {
            return Page(call, new(StatusCodes.Status400BadRequest, "Not a path of this gateway",
                "\"return\" must be a path of this gateway that begins with one slash."));
        }

        var (location, problem) = await providers.StartAsync(call.Http, VisitOf(call, call.Name), next);
        return location is null ? Page(call, problem!) : To(location);
    }

    private async Task<AdminResponse> FinishAsync(AdminCall call)
    {
        if (Refused(call) is { } refused)
            return refused;
        var visit = VisitOf(call, call.Name);
        var person = await providers.IdentifyAsync(call.Http, visit);
        if (person is { Invitation: { } hash, Claims: not null }
            && await invited.LinkAsync(call, hash, person) is { } invalid)
        {
            await record.RefusedAsync(call.Http, "invitation");
            var view = JsonSerializer.Deserialize(invalid.Body.Span, AnswerJson.Default.ProblemView)!;
            return Page(call, new(invalid.Status, view.Title, view.Detail));
        }

        var outcome = await providers.AdmitAsync(call.Http, person);
        if (outcome.Account is not { } account)
        {
            await record.RefusedAsync(call.Http, $"sign-in with {visit.Provider}");
            return Page(call, outcome.Problem!);
        }

        await sessions.OpenAsync(call.Http, account, call.From);
        await access.NoteAsync(
            call.As(new AdminCaller(account.Name, account.Roles, account)), $"sign-in with {visit.Provider}",
            SignInRecord.SignedIn);
        return To(visit.Prefix + outcome.Next);
    }

    /// <summary>
    /// Returns the refusal of plain HTTP: a session is as sensitive on the network as the password that it replaces.
    /// </summary>
    private static AdminResponse? Refused(AdminCall call) => SignInRoutes.IsPrivate(call) ? null : Page(call, new(
        StatusCodes.Status403Forbidden, "HTTPS required",
        "Operators can sign in only over TLS, or from the gateway's machine. Serve the admin API as https:// "
        + "(--admin-tls-cert), or use a tunnel."));

    /// <summary>Returns a provider as seen from the operators' listener.</summary>
    public static ProviderVisit VisitOf(AdminCall call, string provider) => new(
        SessionRealm.Operators, provider, $"{AdminRoute.Root}/{Below}{provider}/callback", call.State.Config.AdminUrl);

    private static AdminResponse To(string location) =>
        new(StatusCodes.Status303SeeOther) { Location = location };

    private static AdminResponse Page(AdminCall call, ProviderProblem problem)
    {
        HtmlPage.SetHeaders(call.Http.Response);
        return new(
            problem.Status,
            Encoding.UTF8.GetBytes(HtmlPage.Of(problem.Title, $"<p>{HtmlPage.Text(problem.Text)}</p>")),
            HtmlPage.ContentType);
    }
}
