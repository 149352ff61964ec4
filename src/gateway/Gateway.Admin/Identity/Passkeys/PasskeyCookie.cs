using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Secrets;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>
/// The cookie that keeps a challenge until the browser responds. It is sealed with the keys that frontends share, for
/// one place, and for one session if there is one.
/// </summary>
public sealed class PasskeyCookie(SecretProtector secrets, ProcessClock clock)
{
    /// <summary>The time in which a browser has to respond with a passkey.</summary>
    internal static readonly TimeSpan ResponseMax = TimeSpan.FromMinutes(5);

    /// <summary>Sets the cookie.</summary>
    public void Set(HttpContext http, PasskeyPlace place, OperatorSession? session, string state)
    {
        var endMs = clock.NowMs() + (long)ResponseMax.TotalMilliseconds;
        var text = string.Create(CultureInfo.InvariantCulture, $"{endMs}\n{session?.Id}\n{state}");
        http.Response.Cookies.Append(
            NameOf(http, place), Convert.ToBase64String(Protector(place).Protect(Encoding.UTF8.GetBytes(text))),
            Cookie(http));
    }

    /// <summary>
    /// Returns the challenge and deletes the cookie; null if it is for another session, or has expired.
    /// </summary>
    public PasskeyChallenge? Take(HttpContext http, PasskeyPlace place, OperatorSession? session)
    {
        if (http.Request.Cookies[NameOf(http, place)] is not { Length: > 0 } cookie)
            return null;
        http.Response.Cookies.Delete(NameOf(http, place), Cookie(http));
        if (Open(cookie, place)?.Split('\n', 3) is not [var end, var of, var state]
            || of != (session?.Id ?? ""))
        {
            return null;
        }

        var endMs = long.Parse(end, CultureInfo.InvariantCulture);
        return clock.NowMs() >= endMs ? null : new PasskeyChallenge(
            state, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state))),
            DateTimeOffset.FromUnixTimeMilliseconds(endMs));
    }

    private string? Open(string cookie, PasskeyPlace place)
    {
        try
        {
            return Encoding.UTF8.GetString(Protector(place).Unprotect(Convert.FromBase64String(cookie)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private IDataProtector Protector(PasskeyPlace place) =>
        secrets.CreateProtector($"Gateway.Passkey.v1.{place.Realm}.{place.Origin}");

    private static string NameOf(HttpContext http, PasskeyPlace place) => HostCookie.NameOf(
        http.Request, place.Realm == SessionRealm.Operators ? "gateway-passkey" : "gateway-connect-passkey");

    private static CookieOptions Cookie(HttpContext http)
    {
        var cookie = HostCookie.Options(http.Request);
        // No navigation from another site happens in between.
        cookie.SameSite = SameSiteMode.Strict;
        return cookie;
    }
}

/// <summary>A challenge that a browser signs.</summary>
/// <param name="State">The state written by the framework's handler.</param>
/// <param name="Hash">The hash by which a used challenge is recognized.</param>
/// <param name="End">The expiry of the challenge.</param>
public sealed record PasskeyChallenge(string State, string Hash, DateTimeOffset End);
