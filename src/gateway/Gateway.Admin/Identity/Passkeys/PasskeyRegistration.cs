using Gateway.Admin.Identity.Operators;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents.Kinds;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>Registers passkeys of signed-in operators. The caller stores the result.</summary>
public sealed class PasskeyRegistration(
    OperatorStore operators, PasskeyCookie cookie, ProcessClock clock)
{
    private const int PerOperatorMax = 10;

    /// <summary>
    /// Returns the options for <c>navigator.credentials.create</c> as JSON, or the reason for a refusal.
    /// </summary>
    public async Task<(string? Options, string? Problem)> StartAsync(
        HttpContext http, PasskeyPlace place, OperatorSession session)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(session);
        if (!place.IsName)
            return (null, $"Passkeys need a host name, not {place.Domain}: open this page by its host name.");
        if (Problem(session.Owner) is { } problem)
            return (null, problem);
        var made = await PasskeyHandlers.Open(operators.Current, place, PasskeyCookie.ResponseMax)
            .MakeCreationOptionsAsync(
                new PasskeyUserEntity
                {
                    Id = session.Owner.Id,
                    Name = session.Owner.Name,
                    DisplayName = session.Owner.DisplayName ?? session.Owner.Name,
                },
                http);
        cookie.Set(http, place, session, made.AttestationState!);
        return (made.CreationOptionsJson, null);
    }

    /// <summary>Returns the document that replaces <paramref name="old"/>, or the reason for a refusal.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="place">The place at which the passkey was requested.</param>
    /// <param name="session">The session for which it was requested.</param>
    /// <param name="old">The passkeys of its owner; null for none.</param>
    /// <param name="name">The name that the owner gives the new passkey.</param>
    /// <param name="credential">The result of <c>navigator.credentials.create</c>, as JSON.</param>
    public async Task<(PasskeysDocument? Next, string? Problem)> FinishAsync(
        HttpContext http, PasskeyPlace place, OperatorSession session, OperatorPasskeys? old, string name,
        string credential)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(session);
        if (!EntityName.IsValid(name))
            return (null, $"\"{name}\" is not a valid name for a passkey: {EntityName.Rule}.");
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        if (cookie.Take(http, place, session) is not { } challenge
            || old?.Stored.Answered?.ContainsKey(challenge.Hash) == true)
        {
            return (null, "No passkey was requested in this browser session, it was already registered, or it took too "
                + "long. Start again.");
        }

        if (Problem(session.Owner) is { } problem)
            return (null, problem);
        var known = old?.Stored.Passkeys ?? [];
        if (known.Any(one => one.Name == name))
            return (null, $"There already is a passkey \"{name}\"; choose a different name.");
        var result = await PasskeyHandlers.Open(operators.Current, place, PasskeyCookie.ResponseMax)
            .PerformAttestationAsync(new PasskeyAttestationContext
            {
                HttpContext = http,
                CredentialJson = credential,
                AttestationState = challenge.State,
            });
        if (!result.Succeeded)
            return (null, $"The passkey cannot be registered: {result.Failure.Message}");
        var answered = (old?.Stored.Answered ?? []).Where(one => one.Value > now).ToDictionary();
        answered[challenge.Hash] = challenge.End;
        return (
            new PasskeysDocument
            {
                OperatorId = session.Owner.Id,
                Passkeys = [.. known, Document(result.Passkey, place, name, now)],
                Answered = answered,
            },
            null);
    }

    private string? Problem(OperatorAccount owner) =>
        !PasskeySignIn.Allows(owner)
            ? "Your provider manages your roles and your sign-in; add the passkey there."
            : operators.Current.Passkeys.GetValueOrDefault(owner.Name)?.Stored.Passkeys.Count >= PerOperatorMax
                ? $"You have the maximum of {PerOperatorMax} passkeys; remove one first."
                : null;

    private static PasskeyDocument Document(
        UserPasskeyInfo made, PasskeyPlace place, string name, DateTimeOffset now) => new()
        {
            Name = name,
            Id = made.CredentialId,
            PublicKey = made.PublicKey,
            Domain = place.Domain,
            SignCount = made.SignCount,
            Transports = made.Transports,
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
            Created = now,
        };
}
