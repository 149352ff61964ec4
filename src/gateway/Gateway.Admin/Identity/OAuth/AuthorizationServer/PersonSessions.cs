using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Admin.Identity.Providers;
using Gateway.Admin.Identity.SignIn;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>A person whom a provider identified as a caller, in one browser. No account here is needed.</summary>
/// <param name="Id">The id of the browser's session.</param>
/// <param name="Issuer">The <c>iss</c> of the caller's tokens.</param>
/// <param name="Subject">The caller's subject at that issuer.</param>
internal sealed record PersonSession(string Id, string Issuer, string Subject);

/// <summary>
/// The sessions of people whom a provider identified. The sealed cookie is all of it: the pages that accept it only
/// show and change what belongs to that caller.
/// </summary>
internal sealed class PersonSessions(SecretProtector secrets, SnapshotHolder snapshots, ProcessClock clock)
{
    private const string Cookie = "gateway-caller";
    private const int IdBytes = 32;
    private const int Parts = 4;
    private static readonly TimeSpan LifeMax = TimeSpan.FromHours(1);
    private readonly IDataProtector _protector = secrets.CreateProtector("Gateway.Caller.Session.v1");

    /// <summary>Returns true if a sign-in that continues at this path is a caller's, not an operator's.</summary>
    public static bool IsFor(string next) =>
        ConnectionPaths.Has(next) && next.EndsWith(ConnectionPaths.AsCaller, StringComparison.Ordinal);

    /// <summary>Signs a person in; returns the problem if the claims identify no caller.</summary>
    public ProviderProblem? Open(HttpContext http, ProviderSettings provider, ProviderClaims claims)
    {
        if (snapshots.Current.Callers.Find(provider.Issuer) is not { } issuer)
        {
            return new(StatusCodes.Status403Forbidden, "Not an issuer of callers",
                $"The gateway accepts no tokens from {provider.Issuer}, so accounts of that provider cannot be "
                + "callers.");
        }

        if (issuer.SubjectOf(claims.OfToken, out var missing) is not { } subject)
        {
            return new(StatusCodes.Status403Forbidden, "Not identified",
                $"The ID token has no text in the claim \"{missing}\", which identifies callers of {issuer.Name}. Ask "
                + "the gateway's operator to request a scope with that claim.");
        }

        var endMs = clock.NowMs() + (long)LifeMax.TotalMilliseconds;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var text = string.Create(CultureInfo.InvariantCulture, $"{endMs}\n{id}\n{issuer.Issuer}\n{subject}");
        http.Response.Cookies.Append(
            HostCookie.NameOf(http.Request, Cookie),
            Convert.ToBase64String(_protector.Protect(Encoding.UTF8.GetBytes(text))),
            HostCookie.Options(http.Request));
        return null;
    }

    /// <summary>Returns the person who is signed in; null if nobody is.</summary>
    public PersonSession? Find(HttpContext http)
    {
        if (http.Request.Cookies[HostCookie.NameOf(http.Request, Cookie)] is not { Length: > 0 } cookie)
            return null;
        string text;
        try
        {
            text = Encoding.UTF8.GetString(_protector.Unprotect(Convert.FromBase64String(cookie)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }

        return text.Split('\n', Parts) is [var end, var id, var issuer, var subject]
            && clock.NowMs() < long.Parse(end, CultureInfo.InvariantCulture)
            ? new PersonSession(id, issuer, subject) : null;
    }
}
