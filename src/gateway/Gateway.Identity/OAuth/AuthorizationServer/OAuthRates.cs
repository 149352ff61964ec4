using System.Globalization;
using System.Net;
using Gateway.Control.Options;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Microsoft.AspNetCore.Http;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>
/// How often an address may ask, counted by the engine that counts calls: exactly, and for all frontends together.
/// </summary>
internal sealed class OAuthRates(ILimiter limiter, ProcessClock clock, GatewayOptions options)
{
    private const string ScopeId = "~oauth";
    private static readonly Window Minute = Window.TryParse("60s", out var minute)
        ? minute
        : throw new InvalidOperationException("A minute is a window.");

    /// <summary>Of IPv6 the network, since whoever has one address there has 2^64.</summary>
    private static string From(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        var bytes = address.GetAddressBytes();
        if (bytes.Length == 16)
            bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    /// <summary>Null where it may; else why not, with when to come again in the answer's header.</summary>
    public async ValueTask<OAuthError?> TryAsync(HttpContext http, OAuthRate rate)
    {
        var bounds = options.OAuth;
        LimitCost[] costs = rate switch
        {
            OAuthRate.Register =>
            [
                Cost($"register {From(http)}", bounds.RegistrationsPerMinute),
                Cost("register", bounds.AllRegistrationsPerMinute),
            ],
            OAuthRate.Authorize => [Cost($"authorize {From(http)}", bounds.AuthorizationsPerMinute)],
            _ => [Cost($"token {From(http)}", bounds.TokensPerMinute)],
        };
        var decision = await limiter.AcquireAsync(
            new LimitRequest(CallId.New(), clock.NowMs(), [.. costs]), http.RequestAborted);
        if (decision.IsAdmitted)
        {
            decision.Permit.Complete();
            return null;
        }

        var seconds = Math.Max(1, ((decision.RetryAfterMs ?? 1000) + 999) / 1000);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return decision.Refusal.Kind == RefusalKind.NoRoom
            ? new(StatusCodes.Status429TooManyRequests, "temporarily_unavailable",
                $"Too many requests from your address; try again in {seconds} s.")
            : OAuthError.Unavailable("Requests cannot be counted now, so none is taken; try again.");
    }

    private static LimitCost Cost(string counter, int max) => new(
        new CounterKey(LimitScope.Server, ScopeId, counter, WindowKind.Sliding, Minute),
        Amount.FromUnits(max), Amount.One);
}
