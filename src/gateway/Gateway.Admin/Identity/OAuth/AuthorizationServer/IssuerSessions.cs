using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Browser sessions and form validation at the issuer's origin.</summary>
internal sealed class IssuerSessions(SessionStore sessions, SessionAntiforgery antiforgery, SnapshotUpdater control)
{
    /// <summary>The place where passkeys are requested; null while there is no issuer.</summary>
    public PasskeyPlace? Place => control.State.Config is { OAuth: { } oauth } config
        ? PasskeyPlace.At(SessionRealm.Issuer, oauth.Address, config.PasskeyDomain)
        : null;

    /// <summary>Returns the session of the signed-in operator; null if nobody is signed in.</summary>
    public OperatorSession? Session(HttpContext http) => sessions.Find(http.Request, SessionRealm.Issuer);

    /// <summary>Returns true if an operator is signed in. Also calls <see cref="UseScheme"/>.</summary>
    public bool IsSignedIn(HttpContext http, GatewaySnapshot snapshot)
    {
        UseScheme(http, snapshot);
        return Session(http) is not null;
    }

    /// <summary>Returns the antiforgery token that a form sends back.</summary>
    public string Token(HttpContext http, OperatorSession? session) => antiforgery.Issue(http, session);

    /// <summary>
    /// Applies the issuer's scheme to the request, because the browser uses it even if a proxy forwards another scheme.
    /// Cookies depend on it.
    /// </summary>
    public static void UseScheme(HttpContext http, GatewaySnapshot snapshot) =>
        http.Request.Scheme = snapshot.OAuth!.Address.Scheme;

    /// <summary>
    /// Returns true if the form is a page of the gateway, submitted from the browser that the page was sent to.
    /// </summary>
    public async ValueTask<bool> IsOwnAsync(
        HttpContext http, GatewaySnapshot snapshot, OperatorSession? session, OAuthParameters form)
    {
        var headers = http.Request.Headers;
        // Pages without a referrer send "null" as their origin; browsers also report whether the site is the same.
        var isSame = (string?)headers["Sec-Fetch-Site"] is { Length: > 0 } site
            ? site == "same-origin"
            : (string?)headers.Origin is not { Length: > 0 } origin || origin == snapshot.OAuth!.Issuer;
        return isSame && await antiforgery.IsFormValidAsync(http, session, form["csrf"]);
    }

    /// <summary>Signs the browser in.</summary>
    public Task<OperatorSession> OpenAsync(HttpContext http, OperatorAccount account) => sessions.OpenAsync(
        http, account, RequestSource.Of(http).ToString(), SessionRealm.Issuer);

    /// <summary>Signs the browser out.</summary>
    public async Task CloseAsync(HttpContext http, OperatorSession session)
    {
        await sessions.CloseAsync([session]);
        SessionStore.Forget(http, SessionRealm.Issuer);
    }
}
