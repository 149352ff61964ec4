using System.Security.Claims;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Secrets;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>
/// The framework's antiforgery, bound to one session. Its services stand apart: in the host's they would open key files
/// of their own.
/// </summary>
public sealed class SessionAntiforgery(SecretProtector secrets)
{
    /// <summary>The header that a change has to bring beside the cookie.</summary>
    public const string Header = "X-CSRF-Token";

    private const string Cookie = "gateway-csrf";
    private readonly Lazy<IAntiforgery> _antiforgery = new(() => Make(secrets));

    /// <summary>The value of the header for this session; its twin goes along as a cookie.</summary>
    /// <remarks>Null before somebody has signed in: a page of another site must not sign a browser in.</remarks>
    public string Issue(HttpContext http, OperatorSession? session)
    {
        http.User = Principal(session);
        return _antiforgery.Value.GetAndStoreTokens(http).RequestToken!;
    }

    /// <summary>Whether a page that could read the header's value made this request; reading needs none.</summary>
    public Task<bool> IsValidAsync(HttpContext http, OperatorSession? session)
    {
        http.User = Principal(session);
        return _antiforgery.Value.IsRequestValidAsync(http);
    }

    /// <summary>The same for whom a proxy has signed in: that too, the browser sends for whoever asks.</summary>
    public string Issue(HttpContext http, Caller proxied)
    {
        http.User = Principal(proxied);
        return _antiforgery.Value.GetAndStoreTokens(http).RequestToken!;
    }

    /// <summary>Whether a page that could read that value made this request; reading needs none.</summary>
    public Task<bool> IsValidAsync(HttpContext http, Caller proxied)
    {
        http.User = Principal(proxied);
        return _antiforgery.Value.IsRequestValidAsync(http);
    }

    /// <summary>The same for a form, which brings the header's value as a field.</summary>
    public Task<bool> IsFormValidAsync(HttpContext http, OperatorSession? session, string? token)
    {
        http.Request.Headers[Header] = token;
        return IsValidAsync(http, session);
    }

    private static ClaimsPrincipal Principal(OperatorSession? session) => session is null
        ? new ClaimsPrincipal(new ClaimsIdentity())
        : new(new ClaimsIdentity([new Claim("sub", session.Id)], "session"));

    private static ClaimsPrincipal Principal(Caller proxied) =>
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
