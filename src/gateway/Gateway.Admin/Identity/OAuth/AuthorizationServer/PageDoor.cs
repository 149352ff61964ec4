using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Whose browser it is at the issuer's origin, and whether a page of ours sent the form.</summary>
internal sealed class PageDoor(SessionStore sessions, SessionAntiforgery antiforgery, SnapshotUpdater control)
{
    /// <summary>Where passkeys are asked for; null while there is no issuer.</summary>
    public PasskeyPlace? Place => control.State.Config is { OAuth: { } oauth } config
        ? PasskeyPlace.At(SessionDoor.Issuer, oauth.Address, config.PasskeyDomain)
        : null;

    /// <summary>The operator who is signed in; null for nobody.</summary>
    public OperatorSession? Session(HttpContext http) => sessions.Find(http.Request, SessionDoor.Issuer);

    /// <summary>Whether an operator is signed in, before <see cref="UseScheme"/> was called.</summary>
    public bool IsSignedIn(HttpContext http, GatewaySnapshot snapshot)
    {
        UseScheme(http, snapshot);
        return Session(http) is not null;
    }

    /// <summary>What a form brings back.</summary>
    public string Token(HttpContext http, OperatorSession? session) => antiforgery.Issue(http, session);

    /// <summary>
    /// The browser comes by the issuer's scheme, whatever a proxy in between speaks: cookies are made for that.
    /// </summary>
    public static void UseScheme(HttpContext http, GatewaySnapshot snapshot) =>
        http.Request.Scheme = snapshot.OAuth!.Address.Scheme;

    /// <summary>Whether a page of ours was filled in by whoever was to see it.</summary>
    public async ValueTask<bool> IsOwnAsync(
        HttpContext http, GatewaySnapshot snapshot, OperatorSession? session, OAuthParameters form)
    {
        var headers = http.Request.Headers;
        // Pages without a referrer send "null" as their origin; browsers say beside it whether the site is the same.
        var isSame = (string?)headers["Sec-Fetch-Site"] is { Length: > 0 } site
            ? site == "same-origin"
            : (string?)headers.Origin is not { Length: > 0 } origin || origin == snapshot.OAuth!.Issuer;
        return isSame && await antiforgery.IsFormValidAsync(http, session, form["csrf"]);
    }

    /// <summary>Signs the browser in.</summary>
    public Task<OperatorSession> OpenAsync(HttpContext http, OperatorAccount account) => sessions.OpenAsync(
        http, account, RequestSource.Of(http).ToString(), SessionDoor.Issuer);

    /// <summary>Signs it out.</summary>
    public async Task CloseAsync(HttpContext http, OperatorSession session)
    {
        await sessions.CloseAsync([session]);
        SessionStore.Forget(http, SessionDoor.Issuer);
    }
}
