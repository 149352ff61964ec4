using Gateway.Admin.Identity.Pages;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>The endpoints at the issuer's origin: metadata and endpoints for programs, pages for people.</summary>
internal sealed partial class OAuthEndpoints(
    AuthorizeEndpoint authorize, SignInPage signIn, ProviderPage provider, TokenEndpoint tokens,
    RegisterEndpoint register, OAuthRates rates, ILogger<OAuthEndpoints> logger)
{
    /// <summary>Returns the handler of a path; null for any other path.</summary>
    public Func<HttpContext, GatewaySnapshot, Task>? Find(PathString path) => path.Value switch
    {
        "/authorize" => (http, snapshot) => PageAsync(http, snapshot, null, authorize.AnswerAsync),
        "/sign-in" => (http, snapshot) => PageAsync(http, snapshot, OAuthRate.SignIn, signIn.AnswerAsync),
        "/sign-out" => (http, snapshot) => PageAsync(http, snapshot, OAuthRate.SignIn, signIn.LeaveAsync),
        "/token" => (http, snapshot) => ProgramAsync(http, snapshot, tokens.TokenAsync),
        "/revoke" => (http, snapshot) => ProgramAsync(http, snapshot, tokens.RevokeAsync),
        "/register" => (http, snapshot) => ProgramAsync(http, snapshot, register.RegisterAsync),
        { } text when text.StartsWith(ProviderPage.Below, StringComparison.Ordinal) =>
            (http, snapshot) => PageAsync(http, snapshot, OAuthRate.SignIn, provider.AnswerAsync),
        _ when OAuthPaths.IsMetadata(path) => MetadataAsync,
        _ => null,
    };

    /// <summary>
    /// Checks the host first: serving an unknown host name would help a page that uses DNS rebinding.
    /// </summary>
    public async Task AnswerAsync(
        HttpContext http, GatewaySnapshot snapshot, Func<HttpContext, GatewaySnapshot, Task> endpoint)
    {
        if (!snapshot.AllowsHost(http.Request.Host, http.Connection.LocalIpAddress))
        {
            await PlainResponse.TextAsync(http, StatusCodes.Status403Forbidden,
                "The Host header names a host that this gateway does not serve. To serve the host, add it to "
                    + "\"allowedHosts\".");
            return;
        }

        try
        {
            await endpoint(http, snapshot);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await OAuthAnswer.ErrorAsync(http, e.StatusCode, "invalid_request", "The request cannot be read.");
        }
        catch (ControlStoreException e) when (!http.Response.HasStarted)
        {
            LogStore(e.Message);
            http.Response.Headers.RetryAfter = "1";
            await OAuthAnswer.ErrorAsync(http, StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable",
                "The gateway's store cannot be reached; try again.");
        }
    }

    private static Task MetadataAsync(HttpContext http, GatewaySnapshot snapshot) =>
        !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method) ? OnlyAsync(http, "GET")
        : ResourceMetadata.At(snapshot, http.Request) is { } document
            ? PlainResponse.JsonAsync(http, StatusCodes.Status200OK, document)
            : PlainResponse.TextAsync(http, StatusCodes.Status404NotFound, "There is no metadata at this path.");

    private static async Task ProgramAsync(
        HttpContext http, GatewaySnapshot snapshot, Func<HttpContext, GatewaySnapshot, Task> answer)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
            await OnlyAsync(http, "POST");
        else
            await answer(http, snapshot);
    }

    /// <param name="http">The request.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="rate">The rate that applies unless the browser is signed in; null if the page counts it.</param>
    /// <param name="answer">The page.</param>
    private async Task PageAsync(
        HttpContext http, GatewaySnapshot snapshot, OAuthRate? rate, Func<HttpContext, GatewaySnapshot, Task> answer)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsPost(http.Request.Method))
            await OnlyAsync(http, "GET, POST");
        else if (ResourceNames.IsOwnHost(snapshot, http.Request.Host, out _))
            await HtmlPage.ErrorAsync(http, StatusCodes.Status404NotFound, "Not found",
                $"Sign in at {snapshot.OAuth!.Issuer}.");
        else if (rate is { } counted && !signIn.IsSignedIn(http, snapshot)
            && await rates.TryAsync(http, counted) is { } refused)
            await HtmlPage.ErrorAsync(http, refused.Status, "Try again later", refused.Text);
        else
            await answer(http, snapshot);
    }

    private static Task OnlyAsync(HttpContext http, string methods)
    {
        http.Response.Headers.Allow = methods;
        return PlainResponse.TextAsync(http, StatusCodes.Status405MethodNotAllowed, $"Allowed methods: {methods}.");
    }

    [LoggerMessage(1, LogLevel.Error, "The authorization server could not reach the control store: {Why}")]
    private partial void LogStore(string why);
}
