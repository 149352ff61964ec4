using System.Security.Cryptography;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Providers;

/// <summary>Signs a browser in with an OpenID Connect provider of the configuration.</summary>
public sealed partial class ProviderSignIn
{
    private const int NextLengthMax = 8192;
    private readonly SnapshotUpdater _control;
    private readonly ProviderDiscovery _discovery;
    private readonly ProviderHandlers _handlers;
    private readonly ProviderAccounts _accounts;
    private readonly ILogger<ProviderSignIn> _logger;

    internal ProviderSignIn(
        SnapshotUpdater control, ProviderDiscovery discovery, ProviderHandlers handlers, ProviderAccounts accounts,
        ILogger<ProviderSignIn> logger) =>
        (_control, _discovery, _handlers, _accounts, _logger) = (control, discovery, handlers, accounts, logger);

    /// <summary>The providers there are.</summary>
    public IReadOnlyList<ProviderSettings> All => _control.State.Config.Providers;

    /// <summary>Whether it is a path below the door's own address, as a page there may be gone on to.</summary>
    public static bool IsOwnPath(string? next) =>
        next is ['/', .., _] or "/" && next.Length <= NextLengthMax && !next.StartsWith("//", StringComparison.Ordinal)
        && !next.AsSpan().ContainsAnyExceptInRange('!', '~') && !next.Contains('\\', StringComparison.Ordinal);

    /// <summary>Begins: where the browser is sent, or why it is not.</summary>
    /// <param name="http">The request; a cookie is set that binds what follows to this browser.</param>
    /// <param name="visit">Where it signs in.</param>
    /// <param name="next">Where it wants to go on, a path.</param>
    public async Task<(string? Location, ProviderProblem? Problem)> StartAsync(
        HttpContext http, ProviderVisit visit, string next)
    {
        var (trace, problem) = await AtAsync(http, visit, async (handler, _) =>
        {
            var properties = new AuthenticationProperties { RedirectUri = next };
            properties.Items[ProviderHandlers.Nonce] =
                Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            await handler.ChallengeAsync(properties);
            return http.Features.Get<ProviderTrace>()!;
        });
        return (trace?.Location, problem);
    }

    /// <summary>Ends: who it is, or why that is not known.</summary>
    public async Task<ProviderOutcome> FinishAsync(HttpContext http, ProviderVisit visit)
    {
        var next = "/";
        var (trace, problem) = await AtAsync(http, visit, async (handler, endpoints) =>
        {
            var state = handler.Options.StateDataFormat.Unprotect(http.Request.Query["state"]);
            next = state?.RedirectUri ?? next;
            if (state is null || !state.Items.TryGetValue(".xsrf", out var id)
                || !http.Request.Cookies.ContainsKey(handler.Options.CorrelationCookie.Name + id))
            {
                return null;
            }

            // A provider that is led to another one's answer would let codes and tokens go astray (RFC 9207).
            var named = http.Request.Query["iss"];
            var issuer = _control.State.Config.Providers.First(one => one.Name == visit.Provider).Issuer;
            if (named.Count == 0 ? endpoints.NamesIssuer : named != issuer)
                return new ProviderTrace { Failure = new AuthenticationFailureException("Another issuer answers.") };
            await handler.HandleRequestAsync();
            return http.Features.Get<ProviderTrace>();
        });
        if (problem is not null)
            return new(null, next, problem);
        if (trace is null)
            return new(null, next, NotBegun(visit));
        if (trace.IsDenied)
            return new(null, next, Denied(visit));
        if (trace.Claims is not { } claims)
            return new(null, next, Failed(visit, trace.Failure));
        var provider = All.First(one => one.Name == visit.Provider);
        var (account, refused) = await _accounts.AdmitAsync(http, provider, claims);
        return new(account, next, refused);
    }

    /// <summary>
    /// Has the request look as the browser made it, while the framework's handler works on it: addresses and cookies
    /// are made of that, whatever a proxy in between speaks.
    /// </summary>
    private async Task<(ProviderTrace? Trace, ProviderProblem? Problem)> AtAsync(
        HttpContext http, ProviderVisit visit,
        Func<OAuthHandler<OAuthOptions>, ProviderEndpoints, Task<ProviderTrace?>> act)
    {
        if (All.FirstOrDefault(one => one.Name == visit.Provider) is not { } provider)
            return (null, Unknown(visit));
        var request = http.Request;
        var (scheme, host, prefix, path) = (request.Scheme, request.Host, request.PathBase, request.Path);
        try
        {
            var endpoints = await _discovery.FindAsync(provider, http.RequestAborted);
            if (visit.Address is { } address)
            {
                (request.Scheme, request.Host) = (address.Scheme, HostString.FromUriComponent(address));
                request.PathBase = visit.Prefix;
            }

            request.Path = visit.Callback;
            return (await act(await _handlers.OpenAsync(http, visit, provider, endpoints), endpoints), null);
        }
        catch (AuthenticationFailureException e)
        {
            return (null, Failed(visit, e));
        }
        finally
        {
            (request.Scheme, request.Host, request.PathBase, request.Path) = (scheme, host, prefix, path);
        }
    }

    private static ProviderProblem Unknown(ProviderVisit visit) => new(
        StatusCodes.Status404NotFound, "No such provider",
        $"\"{visit.Provider}\" is no provider of this gateway. Go back to the sign-in page.");

    private static ProviderProblem NotBegun(ProviderVisit visit) => new(
        StatusCodes.Status400BadRequest, "Not begun here",
        "This sign-in did not begin in this browser at this address, was used already, or took too long. Nobody was "
        + $"signed in. Start again{(visit.Address is null ? "" : $" at {visit.Address}")}.");

    private static ProviderProblem Denied(ProviderVisit visit) => new(
        StatusCodes.Status403Forbidden, "Not signed in",
        $"\"{visit.Provider}\" did not let you in, or you said no there. Nobody was signed in.");

    private ProviderProblem Failed(ProviderVisit visit, Exception? why)
    {
        LogFailed(visit.Provider, why?.Message ?? "it said nothing");
        return new(StatusCodes.Status502BadGateway, "The provider failed",
            $"\"{visit.Provider}\" did not answer as it has to, so nobody was signed in. The gateway's log says why. "
            + "Try again, or sign in with a password.");
    }

    [LoggerMessage(1, LogLevel.Warning, "Nobody could sign in with the provider {Provider}: {Why}")]
    private partial void LogFailed(string provider, string why);
}
