using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.SignIn;

/// <summary>Cookies of this host alone, which no script reads.</summary>
internal static class DoorCookie
{
    /// <summary>Without the host's prefix where there is no TLS, which that prefix needs.</summary>
    public static string NameOf(HttpRequest request, string name) => request.IsHttps ? "__Host-" + name : name;

    /// <summary>For as long as the browser is open.</summary>
    public static CookieOptions Options(HttpRequest request) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = request.IsHttps,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
    };
}
