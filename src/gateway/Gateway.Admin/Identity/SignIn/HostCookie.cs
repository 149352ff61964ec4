using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>Cookies of this host only, which scripts cannot read.</summary>
internal static class HostCookie
{
    /// <summary>
    /// Returns the cookie's name. The prefix <c>__Host-</c> requires TLS, so it is omitted without it.
    /// </summary>
    public static string NameOf(HttpRequest request, string name) => request.IsHttps ? "__Host-" + name : name;

    /// <summary>Returns the options of a cookie that lasts until the browser is closed.</summary>
    public static CookieOptions Options(HttpRequest request) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
    };
}
