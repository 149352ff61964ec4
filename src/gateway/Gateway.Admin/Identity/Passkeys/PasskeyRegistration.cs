using Gateway.Admin.Identity.Operators;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents.Kinds;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Gateway.Admin.Identity.Passkeys;

/// <summary>Has a signed-in browser make a passkey. Whoever calls it writes what it gives.</summary>
public sealed class PasskeyRegistration(
    OperatorStore operators, PasskeyCookie cookie, ProcessClock clock)
{
    private const int PerOperatorMax = 10;

    /// <summary>What <c>navigator.credentials.create</c> takes, as JSON, or why this person gets none.</summary>
    public async Task<(string? Options, string? Problem)> StartAsync(
        HttpContext http, PasskeyPlace place, OperatorSession session)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(session);
        if (!place.IsName)
            return (null, $"Browsers make passkeys for names, not for {place.Domain}: open this page by a name.");
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

    /// <summary>What is to be stored in place of <paramref name="old"/>, or why nothing is.</summary>
    /// <param name="http">The browser's request.</param>
    /// <param name="place">Where it was asked.</param>
    /// <param name="session">The session that was asked.</param>
    /// <param name="old">The passkeys of its owner; null for none.</param>
    /// <param name="name">What the owner calls the new one.</param>
    /// <param name="credential">What <c>navigator.credentials.create</c> gave, as JSON.</param>
    public async Task<(PasskeysDocument? Next, string? Problem)> FinishAsync(
        HttpContext http, PasskeyPlace place, OperatorSession session, OperatorPasskeys? old, string name,
        string credential)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(session);
        if (!EntityName.IsValid(name))
            return (null, $"\"{name}\" is no name for a passkey; {EntityName.Rule}.");
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        if (cookie.Take(http, place, session) is not { } challenge
            || old?.Stored.Answered?.ContainsKey(challenge.Hash) == true)
        {
            return (null, "This browser was not asked for a passkey in this session, has answered already, or took too "
                + "long. Begin again.");
        }

        if (Problem(session.Owner) is { } problem)
            return (null, problem);
        var known = old?.Stored.Passkeys ?? [];
        if (known.Any(one => one.Name == name))
            return (null, $"There is a passkey \"{name}\" already; take another name.");
        var result = await PasskeyHandlers.Open(operators.Current, place, PasskeyCookie.ResponseMax)
            .PerformAttestationAsync(new PasskeyAttestationContext
            {
                HttpContext = http,
                CredentialJson = credential,
                AttestationState = challenge.State,
            });
        if (!result.Succeeded)
            return (null, $"The passkey cannot be taken: {result.Failure.Message}");
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
            ? "Your provider gives you your roles and signs you in; add the passkey there."
            : operators.Current.Passkeys.GetValueOrDefault(owner.Name)?.Stored.Passkeys.Count >= PerOperatorMax
                ? $"You have {PerOperatorMax} passkeys, the most; remove one first."
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
