using Gateway.Admin.Identity.Pages;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The <c>/authorize</c> endpoint. It validates a client's request, then asks an operator for consent. Responses go
/// only to an address of the client. Before a person agrees, nothing at all goes to an address that anybody could have
/// registered.
/// </summary>
internal sealed class AuthorizeEndpoint(
    ClientStore clients, IssuerSessions issuer, SignInPage signIn, ConsentPage consent, OAuthRates rates)
{
    public async Task AnswerAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        if (!issuer.IsSignedIn(http, snapshot) && !await IsRegisteredAsync(http)
            && await rates.TryAsync(http, OAuthRate.Authorize) is { } limited)
        {
            await HtmlPage.ErrorAsync(http, limited.Status, "Try again later", limited.Text);
            return;
        }

        if (HttpMethods.IsPost(http.Request.Method))
        {
            await PostAsync(http, snapshot);
            return;
        }

        if (await ReadAsync(http) is not { } question)
            return;
        if (question.Check(snapshot, out var resource) is { } error)
        {
            await RefuseAsync(http, snapshot, question, error);
            return;
        }

        if (issuer.Session(http) is { } session)
            await consent.AskAsync(http, snapshot, session, question, resource);
        else
            await signIn.ShowAsync(http, http.Request.Path + http.Request.QueryString.Value);
    }

    /// <summary>Returns true if the request names a stored client, so that it costs no fetch of a document.</summary>
    private async ValueTask<bool> IsRegisteredAsync(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        && http.Request.Query["client_id"] is [{ } id] && await clients.IsStoredAsync(id, http.RequestAborted);

    /// <summary>Returns null after an error page: the response cannot go to an unverified address.</summary>
    private async ValueTask<AuthorizeQuestion?> ReadAsync(HttpContext http)
    {
        var parameters = OAuthParameters.OfQuery(http.Request);
        if (parameters.Doubled is { } doubled)
            return await StopAsync(http, $"{ClientNames.Clean(doubled)} occurs more than once.");
        if (parameters["client_id"] is not { } id)
            return await StopAsync(http, "client_id is missing.");
        if (await clients.FindAsync(id, http.RequestAborted) is not { } client)
            return await StopAsync(http, "The client is not registered at this gateway; let the client register "
                + "again.");
        if (parameters["redirect_uri"] is not { } redirect
            || !RedirectUris.Matches(client.Document.RedirectUris, redirect))
        {
            return await StopAsync(http, "redirect_uri is missing, or the client has not registered it.");
        }

        return new AuthorizeQuestion(client, redirect, parameters);
    }

    private static async Task<AuthorizeQuestion?> StopAsync(HttpContext http, string why)
    {
        await HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Invalid request from the client",
            $"{why} Nothing was allowed. Start again from your client. If that does not help, ask its vendor.");
        return null;
    }

    /// <summary>Registration proves nothing about a client, so the browser is not redirected to its address.</summary>
    private static Task RefuseAsync(
        HttpContext http, GatewaySnapshot snapshot, AuthorizeQuestion question, OAuthError error)
    {
        if (!question.Client.IsVerified || RedirectUris.IsOfMachine(question.RedirectUri))
        {
            return HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Invalid request from the client",
                $"{error.Code}: {error.Text} Nothing was allowed.");
        }

        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Location = AuthorizeQuestion.Answer(
            question.RedirectUri, snapshot.OAuth!.Issuer, question.State,
            ("error", error.Code), ("error_description", error.Text));
        return Task.CompletedTask;
    }

    private async Task PostAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        if (issuer.Session(http) is not { } session)
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status401Unauthorized, "Not signed in",
                "Your session has ended. Nothing was allowed. Start again from your client.");
            return;
        }

        if (await OAuthParameters.ReadAsync(http, OAuthParameters.BodyBytesMax) is not { Doubled: null } form
            || !await issuer.IsOwnAsync(http, snapshot, session, form))
        {
            await HtmlPage.ErrorAsync(http, StatusCodes.Status400BadRequest, "Form not accepted",
                "This form did not come from the gateway's page. Nothing was allowed. Start again from your client.");
            return;
        }

        await consent.TakeAsync(http, snapshot, session, form);
    }
}
