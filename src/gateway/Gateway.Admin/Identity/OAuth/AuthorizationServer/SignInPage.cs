using System.Globalization;
using System.Net;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Pages;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.Providers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// The <c>/sign-in</c> and <c>/sign-out</c> pages at the issuer's origin, for operators who allow a client.
/// </summary>
internal sealed class SignInPage(
    IssuerSessions issuer, PasswordTries passwords, PasskeySignIn passkeys, OperatorStore operators,
    ProviderSignIn providers,
    SignInRecord record)
{
    private const string Title = "Sign in to the gateway";
    private const int ReturnLengthMax = 8192;

    /// <summary>Shows the page; after the sign-in, the browser continues at <paramref name="next"/>.</summary>
    public async Task ShowAsync(HttpContext http, string? next, string? problem = null, int status = 200)
    {
        var first = operators.Current.Accounts.Count == 0
            ? "<p class=\"warn\">No operators yet. Create one with <code>gateway operator create</code>.</p>"
            : "";
        var others = string.Concat(providers.All.Select(one => $"""
            <p><a href="{ProviderPage.Below}{one.Name}?return={Uri.EscapeDataString(Checked(next))}">Sign in with
            {HtmlPage.Text(one.DisplayName)}</a></p>

            """));
        var wrong = problem is null ? "" : $"<p class=\"bad\" role=\"alert\">{HtmlPage.Text(problem)}</p>";
        var fields = $"""
            <input type="hidden" name="csrf" value="{HtmlPage.Text(issuer.Token(http, session: null))}">
            <input type="hidden" name="return" value="{HtmlPage.Text(Checked(next))}">
            """;
        var passkey = issuer.Place is { } place && passkeys.IsOffered(place)
            ? PasskeyForm(fields, await passkeys.StartAsync(http, place))
            : null;
        var body = $"""
            <p class="dim">A client requests access. Sign in as an operator to see the request.</p>
            {first}{wrong}{others}{passkey}
            <form method="post" action="/sign-in">
            {fields}
            <label for="name">Username</label>
            <input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false"
             required maxlength="64">
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password"
             required maxlength="256">
            <div class="row"><button>Sign in</button></div>
            </form>
            """;
        await (passkey is null
            ? HtmlPage.WriteAsync(http, status, Title, body)
            : HtmlPage.WriteWithPasskeyAsync(http, status, Title, body));
    }

    /// <summary>Returns true if an operator is signed in.</summary>
    public bool IsSignedIn(HttpContext http, GatewaySnapshot snapshot) => issuer.IsSignedIn(http, snapshot);

    public async Task AnswerAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        IssuerSessions.UseScheme(http, snapshot);
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await ShowAsync(http, http.Request.Query["return"]);
            return;
        }

        if (await OAuthParameters.ReadAsync(http, 2 * OAuthParameters.BodyBytesMax) is not { Doubled: null } form
            || !await issuer.IsOwnAsync(http, snapshot, session: null, form))
        {
            await HtmlPage.ErrorAsync(http, 400, "Form not accepted",
                "This form did not come from the gateway's page, or the page has expired. Go back and reload it.");
            return;
        }

        if (snapshot.OAuth!.Address.Scheme != Uri.UriSchemeHttps
            && !RequestSource.Of(http).IsLoopback)
        {
            await HtmlPage.ErrorAsync(http, 403, "HTTPS required", "Operators can sign in only over HTTPS.");
            return;
        }

        await (form["passkey"] is { } passkey ? TryPasskeyAsync(http, form, passkey) : TryAsync(http, form));
    }

    /// <summary>Signs the browser out.</summary>
    public async Task LeaveAsync(HttpContext http, GatewaySnapshot snapshot)
    {
        IssuerSessions.UseScheme(http, snapshot);
        if (issuer.Session(http) is { } session
            && await OAuthParameters.ReadAsync(http, OAuthParameters.BodyBytesMax) is { } form
            && await issuer.IsOwnAsync(http, snapshot, session, form))
        {
            await issuer.CloseAsync(http, session);
        }

        await HtmlPage.ErrorAsync(http, 200, "Signed out", "This browser is signed out. You can close the page.");
    }

    /// <summary>Signs the browser in, and sends it on.</summary>
    public async Task GoOnAsync(HttpContext http, OperatorAccount account, string? wanted)
    {
        await issuer.OpenAsync(http, account);
        await record.WriteAsync(http, account.Name, "sign-in");
        if (Checked(wanted) is not { Length: > 0 } next)
        {
            await HtmlPage.ErrorAsync(http, 200, "Signed in", "You are signed in. Go back to your client.");
            return;
        }

        await SendOn(http, next);
    }

    /// <summary>Redirects the browser.</summary>
    public static Task SendOn(HttpContext http, string location)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = location;
        http.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    /// <summary>
    /// Returns a return address if it is a client's request or a page of connections: any other address would allow an
    /// open redirect.
    /// </summary>
    public static string Checked(string? next) =>
        next is { Length: <= ReturnLengthMax }
        && (next.StartsWith("/authorize?", StringComparison.Ordinal) || ConnectionPaths.Has(next))
        && !next.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? next
            : "";

    /// <summary>Returns the form that the page's script submits with the browser's signature.</summary>
    private static string PasskeyForm(string fields, string asked) => $"""
        <form id="passkey" method="post" action="/sign-in" data-options="{HtmlPage.Text(asked)}" hidden>
        {fields}
        <input type="hidden" name="passkey">
        <div class="row"><button>Use a passkey</button></div>
        <p class="bad" role="alert" id="no-passkey" hidden>The browser sent no passkey. Reload the page to try again,
        or use your password.</p>
        </form>
        """;

    private async Task TryPasskeyAsync(HttpContext http, OAuthParameters form, string passkey)
    {
        var account = issuer.Place is { } place ? await passkeys.FinishAsync(http, place, passkey) : null;
        if (account is null)
            await record.RefusedAsync(http, "sign-in with a passkey");
        await (account is not null
            ? GoOnAsync(http, account, form["return"])
            : ShowAsync(http, form["return"], "The passkey is not valid here, or the page has expired. Try again.",
                StatusCodes.Status401Unauthorized));
    }

    private async Task TryAsync(HttpContext http, OAuthParameters form)
    {
        var tried = await passwords.TryAsync(
            http.Connection.RemoteIpAddress ?? IPAddress.None, form["name"] ?? "", form["password"] ?? "",
            http.RequestAborted);
        if (tried is { IsBusy: false, Account: null })
            await record.RefusedAsync(http, "sign-in", form["name"]);
        if (tried.IsBusy || tried.Held > TimeSpan.Zero)
        {
            var seconds = Math.Max(1, (long)Math.Ceiling(tried.Held.TotalSeconds));
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await ShowAsync(http, form["return"], $"Too many attempts. Wait {seconds} s, then try again.",
                StatusCodes.Status429TooManyRequests);
            return;
        }

        if (tried.Account is not { } account)
        {
            await ShowAsync(http, form["return"], "The username or password is wrong, or the account is disabled.",
                StatusCodes.Status401Unauthorized);
            return;
        }

        await GoOnAsync(http, account, form["return"]);
    }
}
