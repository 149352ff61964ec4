using Gateway.Admin.Identity.Pages;
using Gateway.Admin.Identity.Providers;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The page <c>/sign-in/PROVIDER</c> and its <c>/callback</c>, to which the provider redirects the browser.
/// </summary>
internal sealed class ProviderPage(SignInPage signIn, ProviderSignIn providers, PersonSessions persons)
{
    public const string Below = "/sign-in/";
    private const string Callback = "/callback";

    public async Task AnswerAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        IssuerSessions.UseScheme(http, snapshot);
        var rest = http.Request.Path.Value![Below.Length..];
        var isBack = rest.EndsWith(Callback, StringComparison.Ordinal);
        var name = isBack ? rest[..^Callback.Length] : rest;
        var visit = new ProviderVisit(
            SessionRealm.Issuer, name, $"{Below}{name}{Callback}", snapshot.OAuth!.Address);
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status405MethodNotAllowed, "Not allowed", "Use GET.");
            return;
        }

        if (isBack)
        {
            var person = await providers.IdentifyAsync(http, visit);
            if (person.Claims is { } claims && PersonSessions.IsFor(person.Next))
            {
                await (persons.Open(http, person.Provider!, claims) is { } unknown
                    ? SayAsync(http, unknown)
                    : SignInPage.SendOn(http, person.Next));
                return;
            }

            var outcome = await providers.AdmitAsync(http, person);
            await (outcome.Account is { } account
                ? signIn.GoOnAsync(http, account, outcome.Next)
                : SayAsync(http, outcome.Problem!));
            return;
        }

        var next = SignInPage.Checked(http.Request.Query["return"]);
        var (location, problem) = await providers.StartAsync(http, visit, next.Length == 0 ? "/" : next);
        if (location is null)
        {
            await SayAsync(http, problem!);
            return;
        }

        await SignInPage.SendOn(http, location);
    }

    private static Task SayAsync(HttpContext http, ProviderProblem problem) =>
        HtmlPage.ErrorAsync(http, problem.Status, problem.Title, problem.Text);
}
