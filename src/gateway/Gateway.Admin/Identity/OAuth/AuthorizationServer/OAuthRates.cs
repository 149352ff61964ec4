using System.Globalization;
using System.Net;
using Gateway.Control.Network;
using Gateway.Limits.Model;
using Gateway.Limits.Windows;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Bounds how often an address may send a request without authentication, counted by the engine that counts calls:
/// exactly, and for all frontends together. An address may be a whole company's, so requests beyond its share are
/// slowed down: they wait for one of a few slots, and only those that get none in time are refused.
/// </summary>
internal sealed class OAuthRates(ILimiter limiter, ProcessClock clock, TimeProvider time, OAuthServerOptions options)
{
    // One address may use a quarter of them; a further request is refused (429).
    private const int SlowedMax = 64;

    private const int AllRegistrationsPerMinute = 100;
    private const string ScopeId = "~oauth";
    private const int SlowPerMinute = 12;
    private static readonly Window Minute = Read("60s");
    private static readonly Window Slow = Read("5s");
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal);
    private int _waitingInAll;

    /// <summary>
    /// Returns null if the request may continue; else the error, with a <c>Retry-After</c> in the response.
    /// </summary>
    public async ValueTask<OAuthError?> TryAsync(HttpContext http, OAuthRate rate)
    {
        var address = RequestSource.Network(RequestSource.Of(http).Client ?? IPAddress.None);
        var (name, max) = rate switch
        {
            OAuthRate.Register => ("register", options.RegistrationsPerMinute),
            OAuthRate.RejectedRegister => ("rejected", options.RegistrationsPerMinute),
            OAuthRate.Authorize => ("authorize", options.AuthorizationsPerMinute),
            OAuthRate.SignIn => ("sign-in", options.AuthorizationsPerMinute),
            OAuthRate.Token => ("token", options.TokensPerMinute),
            _ => throw new NotSupportedException($"OAuthRate {rate} has no case here."),
        };
        LimitCost[] all = rate == OAuthRate.Register
            ? [Cost("register", AllRegistrationsPerMinute, Minute)]
            : [];
        var refused = await AcquireAsync([Cost($"{name} {address}", max, Minute), .. all], http.RequestAborted);
        if (refused is { Refusal.Kind: RefusalKind.NoRoom } && TryEnter(address))
        {
            try
            {
                refused = await WaitAsync(
                    [Cost($"{name} slow {address}", Math.Max(1, max / SlowPerMinute), Slow), .. all],
                    http.RequestAborted);
            }
            finally
            {
                Leave(address);
            }
        }

        if (refused is not { } denied)
            return null;
        var seconds = Math.Max(1, ((denied.RetryAfterMs ?? 1000) + 999) / 1000);
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return denied.Refusal?.Kind == RefusalKind.NoRoom
            ? new(StatusCodes.Status429TooManyRequests, "temporarily_unavailable",
                $"Too many requests from your address; try again in {seconds} s.")
            : OAuthError.Unavailable("Requests cannot be counted at the moment, so they are refused; try again.");
    }

    /// <summary>Retries until there is capacity, or the request has waited for the maximum time.</summary>
    private async ValueTask<LimitDecision?> WaitAsync(LimitCost[] costs, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await AcquireAsync(costs, cancellationToken) is { } refused)
        {
            var wait = TimeSpan.FromMilliseconds(Math.Max(50, refused.RetryAfterMs ?? 1000));
            if (refused.Refusal?.Kind != RefusalKind.NoRoom
                || time.GetElapsedTime(started) + wait > options.SlowedWaitMax)
            {
                return refused;
            }

            await Task.Delay(wait, time, cancellationToken);
        }

        return null;
    }

    /// <summary>Returns null if all costs were admitted.</summary>
    private async ValueTask<LimitDecision?> AcquireAsync(LimitCost[] costs, CancellationToken cancellationToken)
    {
        var decision = await limiter.AcquireAsync(
            new LimitRequest(CallId.New(), clock.NowMs(), [.. costs]), cancellationToken);
        if (!decision.IsAdmitted)
            return decision;
        decision.Permit.Complete();
        return null;
    }

    private bool TryEnter(string address)
    {
        lock (_gate)
        {
            var own = _waiting.GetValueOrDefault(address);
            if (_waitingInAll >= SlowedMax || own >= Math.Max(1, SlowedMax / 4))
                return false;
            _waiting[address] = own + 1;
            _waitingInAll++;
            return true;
        }
    }

    private void Leave(string address)
    {
        lock (_gate)
        {
            _waitingInAll--;
            if (_waiting[address] == 1)
                _waiting.Remove(address);
            else
                _waiting[address]--;
        }
    }

    private static Window Read(string text) => Window.TryParse(text, out var window)
        ? window
        : throw new InvalidOperationException($"{text} is not a window.");

    private static LimitCost Cost(string counter, int max, Window window) => new(
        new CounterKey(LimitScope.Server, ScopeId, counter, WindowKind.Sliding, window),
        Amount.FromUnits(max), Amount.One);
}
