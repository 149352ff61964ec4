using System.Security.Cryptography;
using Gateway.Admin.Identity.Operators;
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

    /// <summary>The item of the state with the hash of an invitation's token.</summary>
    private const string Invitation = "invitation";

    private readonly SnapshotUpdater _control;
    private readonly ProviderDiscovery _discovery;
    private readonly ProviderHandlers _handlers;
    private readonly ProviderAccounts _accounts;
    private readonly OperatorSubjects _subjects;
    private readonly ILogger<ProviderSignIn> _logger;

    internal ProviderSignIn(
        SnapshotUpdater control, ProviderDiscovery discovery, ProviderHandlers handlers, ProviderAccounts accounts,
        OperatorSubjects subjects, ILogger<ProviderSignIn> logger) =>
        (_control, _discovery, _handlers, _accounts, _subjects, _logger) =
            (control, discovery, handlers, accounts, subjects, logger);

    /// <summary>The configured providers.</summary>
    public IReadOnlyList<ProviderSettings> All => _control.State.Config.Providers;

    /// <summary>Returns true for a path on this origin, to which it is safe to redirect a browser.</summary>
    public static bool IsOwnPath(string? next) =>
        next is ['/', .., _] or "/" && next.Length <= NextLengthMax && !next.StartsWith("//", StringComparison.Ordinal)
        && !next.AsSpan().ContainsAnyExceptInRange('!', '~') && !next.Contains('\\', StringComparison.Ordinal);

    /// <summary>Starts a sign-in. Returns the address to redirect to, or the reason for a refusal.</summary>
    /// <param name="http">The request; the response gets a cookie that binds the sign-in to this browser.</param>
    /// <param name="visit">The provider and the surface.</param>
    /// <param name="next">The path to which the browser continues afterwards.</param>
    /// <param name="invitation">The hash of the token of the invitation that the person accepts; null for
    /// none.</param>
    public async Task<(string? Location, ProviderProblem? Problem)> StartAsync(
        HttpContext http, ProviderVisit visit, string next, string? invitation = null)
    {
        var (trace, problem) = await AtAsync(http, visit, async (handler, _) =>
        {
            var properties = new AuthenticationProperties { RedirectUri = next };
            properties.Items[ProviderHandlers.Nonce] =
                Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            if (invitation is not null)
                properties.Items[Invitation] = invitation;
            await handler.ChallengeAsync(properties);
            return http.Features.Get<ProviderTrace>()!;
        });
        return (trace?.Location, problem);
    }

    /// <summary>Returns the account of an identified person, or the reason for a refusal.</summary>
    internal async Task<ProviderOutcome> AdmitAsync(HttpContext http, IdentifiedPerson person)
    {
        if (person.Claims is not { } claims)
            return new(null, person.Next, person.Problem);
        var provider = person.Provider!;
        var (account, refused) = await _accounts.AdmitAsync(http, provider, claims);
        if (account is not null)
        {
            var endpoints = await _discovery.FindAsync(provider, http.RequestAborted);
            await _subjects.UpdateAsync(account, provider, endpoints, claims);
        }

        return new(account, person.Next, refused);
    }

    /// <summary>Completes a sign-in. Returns the person, with or without an account, or the reason for a refusal.
    /// </summary>
    internal async Task<IdentifiedPerson> IdentifyAsync(HttpContext http, ProviderVisit visit)
    {
        var next = "/";
        string? invitation = null;
        var (trace, problem) = await AtAsync(http, visit, async (handler, endpoints) =>
        {
            var state = handler.Options.StateDataFormat.Unprotect(http.Request.Query["state"]);
            next = state?.RedirectUri ?? next;
            invitation = state?.Items.TryGetValue(Invitation, out var hash) == true ? hash : null;
            if (state is null || !state.Items.TryGetValue(".xsrf", out var id)
                || !http.Request.Cookies.ContainsKey(handler.Options.CorrelationCookie.Name + id))
            {
                return null;
            }

            // Prevents mix-up attacks, in which one provider's codes are sent to another (RFC 9207).
            var named = http.Request.Query["iss"];
            var issuer = _control.State.Config.Providers.First(one => one.Name == visit.Provider).Issuer;
            if (named.Count == 0 ? endpoints.NamesIssuer : named != issuer)
                return new ProviderTrace { Failure = new AuthenticationFailureException("The issuer is wrong.") };
            await handler.HandleRequestAsync();
            return http.Features.Get<ProviderTrace>();
        });
        if (problem is not null)
            return new(null, null, next, problem);
        if (trace is null)
            return new(null, null, next, NotBegun(visit));
        if (trace.IsDenied)
            return new(null, null, next, Denied(visit));
        return trace.Claims is { } claims
            ? new(All.First(one => one.Name == visit.Provider), claims, next) { Invitation = invitation }
            : new(null, null, next, Failed(visit, trace.Failure));
    }

    /// <summary>
    /// Makes the request look as the browser sent it while the framework's handler processes it: addresses and cookies
    /// derive from that, even if a proxy in between uses another scheme.
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
        StatusCodes.Status404NotFound, "Unknown provider",
        $"\"{visit.Provider}\" is not a provider of this gateway. Go back to the sign-in page.");

    private static ProviderProblem NotBegun(ProviderVisit visit) => new(
        StatusCodes.Status400BadRequest, "Sign-in not valid",
        "This sign-in did not start in this browser at this address, was already used, or took too long. Nobody was "
        + $"signed in. Start again{(visit.Address is null ? "" : $" at {visit.Address}")}.");

    private static ProviderProblem Denied(ProviderVisit visit) => new(
        StatusCodes.Status403Forbidden, "Not signed in",
        $"\"{visit.Provider}\" denied the sign-in, or you canceled it there. Nobody was signed in.");

    private ProviderProblem Failed(ProviderVisit visit, Exception? why)
    {
        LogFailed(visit.Provider, why?.Message ?? "it gave no reason");
        return new(StatusCodes.Status502BadGateway, "The provider failed",
            $"\"{visit.Provider}\" sent an invalid response, so nobody was signed in. The log has the reason. "
            + "Try again, or sign in with a password.");
    }

    [LoggerMessage(1, LogLevel.Warning, "A sign-in with the provider {Provider} failed: {Why}")]
    private partial void LogFailed(string provider, string why);
}

/// <summary>The reason why a sign-in failed, for a page.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The title as plain text.</param>
/// <param name="Text">The explanation and the next step as plain text.</param>
public sealed record ProviderProblem(int Status, string Title, string Text);

/// <summary>The results that the handler's events store in a request.</summary>
internal sealed record ProviderTrace
{
    /// <summary>The address to which the browser is redirected.</summary>
    public string? Location { get; init; }

    /// <summary>The provider's claims about the person.</summary>
    public ProviderClaims? Claims { get; init; }

    /// <summary>True if the provider, or the person there, denied access.</summary>
    public bool IsDenied { get; init; }

    /// <summary>The cause of a failure.</summary>
    public Exception? Failure { get; init; }
}

/// <summary>The result of a sign-in with a provider.</summary>
/// <param name="Account">The account; null if nobody was signed in.</param>
/// <param name="Next">The path to which the browser continues.</param>
/// <param name="Problem">The reason why nobody was signed in.</param>
public sealed record ProviderOutcome(OperatorAccount? Account, string Next, ProviderProblem? Problem = null);

/// <summary>A person whom a provider identified.</summary>
/// <param name="Provider">The provider; null if nobody was identified.</param>
/// <param name="Claims">The provider's claims about the person; null if nobody was identified.</param>
/// <param name="Next">The path to which the browser continues.</param>
/// <param name="Problem">The reason why nobody was identified.</param>
internal sealed record IdentifiedPerson(
    ProviderSettings? Provider, ProviderClaims? Claims, string Next, ProviderProblem? Problem = null)
{
    /// <summary>The hash of the token of the invitation that the person accepts; null for none.</summary>
    public string? Invitation { get; init; }
}
