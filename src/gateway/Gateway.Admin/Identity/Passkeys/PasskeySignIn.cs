using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Health;
using Gateway.Control.Network;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>
/// Signs operators in with their passkeys. The page asks for no name, so it reveals nothing about existing accounts. A
/// challenge is accepted once, at one gateway of the store.
/// </summary>
public sealed partial class PasskeySignIn(
    IControlStore store, SnapshotUpdater control, OperatorStore operators, PasskeyCookie cookie, ProcessClock clock,
    ILogger<PasskeySignIn> logger)
{
    private const int Tries = 5;
    private const int AnsweredMax = 100;
    private const int LinesMax = 60;
    private readonly MinuteBudget<int> _lines = new(LinesMax, keysMax: 1);

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());

    /// <summary>Returns true if any operator has a passkey for that place.</summary>
    public bool IsOffered(PasskeyPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.IsName && operators.Current.Passkeys.Values.Any(
            some => some.Stored.Passkeys.Any(one => one.Domain == place.Domain));
    }

    /// <summary>
    /// Returns the options for <c>navigator.credentials.get</c> as JSON; a cookie keeps the challenge.
    /// </summary>
    public async Task<string> StartAsync(HttpContext http, PasskeyPlace place)
    {
        var asked = await PasskeyHandlers.Open(operators.Current, place, PasskeyCookie.ResponseMax)
            .MakeRequestOptionsAsync(user: null, http);
        cookie.Set(http, place, session: null, asked.AssertionState!);
        return asked.RequestOptionsJson;
    }

    /// <summary>Returns the owner of the passkey; null if it is refused. The log contains the reason.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="place">The place at which the passkey was requested.</param>
    /// <param name="credential">The result of <c>navigator.credentials.get</c>, as JSON.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<OperatorAccount?> FinishAsync(HttpContext http, PasskeyPlace place, string credential)
    {
        if (cookie.Take(http, place, session: null) is not { } challenge)
            return Refused(http, "no passkey was requested here, or the request has expired");
        for (var i = 0; i < Tries; i++)
        {
            var directory = operators.Current;
            var result = await PasskeyHandlers.Open(directory, place, PasskeyCookie.ResponseMax)
                .PerformAssertionAsync(new PasskeyAssertionContext
                {
                    HttpContext = http,
                    CredentialJson = credential,
                    AssertionState = challenge.State,
                });
            if (!result.Succeeded)
                return Refused(http, result.Failure.Message);
            var known = directory.Passkeys[result.User.Name];
            if (Problem(known, challenge, Now) is { } problem)
                return Refused(http, $"{known.Owner.Name}: {problem}");
            // Any concurrent change, here or at another gateway, makes this fail; then everything is evaluated again.
            var written = await store.WriteAsync(
                new ControlKey(ControlKinds.Passkeys, known.Owner.Name), known.Version,
                ControlJsonContext.Write(
                    Next(known, result.Passkey, challenge), ControlJsonContext.Default.PasskeysDocument),
                CancellationToken.None);
            await control.RefreshAsync(CancellationToken.None);
            if (written.IsWritten)
                return known.Owner;
        }

        return Refused(http, "the passkeys were changed concurrently several times");
    }

    private static string? Problem(OperatorPasskeys known, PasskeyChallenge challenge, DateTimeOffset now) =>
        known.Owner.IsDisabled ? "the account is disabled"
        : !Allows(known.Owner) ? "a provider manages the account's roles and its sign-in"
        : known.Stored.Answered?.ContainsKey(challenge.Hash) == true ? "this challenge was already used"
        : known.Stored.Answered?.Count(one => one.Value > now) >= AnsweredMax ? "too many sign-ins within a few minutes"
        : null;

    /// <summary>
    /// Returns false for operators whose roles a provider gives: they must sign in there, or they would keep the roles
    /// after the provider removes them.
    /// </summary>
    internal static bool Allows(OperatorAccount account) => account.Identity is not { HasClaimedRoles: true };

    private PasskeysDocument Next(OperatorPasskeys known, UserPasskeyInfo used, PasskeyChallenge challenge)
    {
        var now = Now;
        var answered = (known.Stored.Answered ?? []).Where(one => one.Value > now).ToDictionary();
        answered[challenge.Hash] = challenge.End;
        return known.Stored with
        {
            Answered = answered,
            Passkeys =
            [
                .. known.Stored.Passkeys.Select(one => one.Id.AsSpan().SequenceEqual(used.CredentialId)
                    ? one with { SignCount = used.SignCount, IsBackedUp = used.IsBackedUp, Used = now }
                    : one),
            ],
        };
    }

    private OperatorAccount? Refused(HttpContext http, string why)
    {
        if (_lines.TryTake(0, clock.NowMs(), out _))
            LogRefused(RequestSource.Of(http).ToString(), why);
        return null;
    }

    [LoggerMessage(1, LogLevel.Warning, "Refused a passkey from {Address}: {Why}")]
    private partial void LogRefused(string address, string why);
}
