using System.Security.Claims;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Secrets;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// The framework's antiforgery, bound to one session. It has its own services: in the host's it would create key files
/// of its own.
/// </summary>
public sealed class SessionAntiforgery(SecretProtector secrets)
{
    /// <summary>The header that a change must send in addition to the cookie.</summary>
    public const string Header = "X-CSRF-Token";

    private const string Cookie = "gateway-csrf";
    private readonly Lazy<IAntiforgery> _antiforgery = new(() => Make(secrets));

    /// <summary>Returns the value of the header for this session, and sets the matching cookie.</summary>
    /// <remarks>
    /// The session is null before the sign-in: a page of another site must not be able to sign a browser in.
    /// </remarks>
    public string Issue(HttpContext http, OperatorSession? session)
    {
        http.User = Principal(session);
        return _antiforgery.Value.GetAndStoreTokens(http).RequestToken!;
    }

    /// <summary>
    /// Returns true if a page that could read the header's value made this request, or if it only reads.
    /// </summary>
    public Task<bool> IsValidAsync(HttpContext http, OperatorSession? session)
    {
        http.User = Principal(session);
        return _antiforgery.Value.IsRequestValidAsync(http);
    }

    /// <summary>
    /// Returns the value for an operator whom a proxy signed in: browsers send the proxy's credentials for any site
    /// too.
    /// </summary>
    public string Issue(HttpContext http, AdminCaller proxied)
    {
        http.User = Principal(proxied);
        return _antiforgery.Value.GetAndStoreTokens(http).RequestToken!;
    }

    /// <summary>Returns true if a page that could read that value made this request, or if it only reads.</summary>
    public Task<bool> IsValidAsync(HttpContext http, AdminCaller proxied)
    {
        http.User = Principal(proxied);
        return _antiforgery.Value.IsRequestValidAsync(http);
    }

    /// <summary>Validates a form, which sends the header's value in a field.</summary>
    public Task<bool> IsFormValidAsync(HttpContext http, OperatorSession? session, string? token)
    {
        http.Request.Headers[Header] = token;
        return IsValidAsync(http, session);
    }

    private static ClaimsPrincipal Principal(OperatorSession? session) => session is null
        ? new ClaimsPrincipal(new ClaimsIdentity())
        : new(new ClaimsIdentity([new Claim("sub", session.Id)], "session"));

    private static ClaimsPrincipal Principal(AdminCaller proxied) =>
        new(new ClaimsIdentity([new Claim("sub", proxied.Account!.Id)], "proxy"));

    private static IAntiforgery Make(SecretProtector secrets)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IDataProtectionProvider>(secrets);
        services.AddAntiforgery(static antiforgery =>
        {
            antiforgery.HeaderName = Header;
            antiforgery.SuppressReadingTokenFromFormBody = true;
            antiforgery.Cookie.Name = Cookie;
            antiforgery.Cookie.Path = "/";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        return services.BuildServiceProvider().GetRequiredService<IAntiforgery>();
    }
}
